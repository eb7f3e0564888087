import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'service-hung',
  title: 'A service hangs',
  summary:
    'The application is frozen: the kernel still accepts its connections, and nobody ever answers them.',
  severity: 'critical',
  origin: 'Container Networking Exhaustion ("Container: Running (but unresponsive)")',
  alerts: [
    ['ServiceUnresponsive', 'connect succeeds and no first byte within 5 s', '15s'],
    ['Complete Service Outage', 'HTTP error rate > 95 %', '1m'],
  ],
  symptoms: [
    'connecting works in a millisecond, then not one byte comes back: HTTP 000 by timeout',
    'its process is there, in state T when a signal has stopped it, with no CPU used',
    'its listen queue grows: connections that the kernel took and nobody accepts',
    'names resolve and the database answers',
  ],
  investigation: [
    [
      'Connect and wait',
      "curl -m 5 -w '%{time_connect} %{time_starttransfer} %{http_code}\\n' <url>",
      'connected in a millisecond, no first byte, 000',
    ],
    [
      'Look at the state of its process',
      "ss -Hltnp 'sport = :<port>' | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u | xargs -r ps -o pid,stat,wchan:20,pcpu,cmd -p",
      'STAT T: stopped by a signal (D: waits for a disk; R at 100 % CPU: an endless loop)',
    ],
    ['Look at its listen queue', "ss -ltn 'sport = :<port>'", 'Recv-Q above 0 and rising'],
    [
      'Clear what it depends on',
      `dig +tries=1 +time=2 <name>; ${ASK_DATABASE}`,
      'both answer in milliseconds: the fault is in the service itself',
    ],
  ],
  rootCause: [
    'the process is stopped by a signal or the cgroup freezer, or its threads wait for one another',
    'the kernel completes handshakes for a listener up to its backlog, whether its process lives or sleeps',
  ],
  fix: ['restart it, or let a stopped one go on (SIGCONT, docker unpause)'],
  prevention: [
    'a liveness check that asks for an answer and restarts what gives none',
    'deadlines in its clients',
    'more than one replica',
  ],
  confusedWith: {
    'resolver-saturation': 'lookups are fast here; there they are late and the process runs',
    'service-stopped': 'a stopped service refuses at once',
    'resolver-dead': 'lookups are answered',
    'database-down': 'the database answers by address in milliseconds',
  },
  recovery: [
    'its process is in state S or R and its listen queue is empty',
    'every target answers 200',
    'what is written can be read back',
  ],
});
