import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'service-stopped',
  title: 'A service has stopped',
  summary: "The application's process has ended; its port refuses every connection at once.",
  severity: 'critical',
  origin: 'Container Networking Exhaustion (what its "Connection Refused" would really be)',
  alerts: [
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
    ['Complete Service Outage', 'HTTP error rate > 95 %', '1m'],
  ],
  symptoms: [
    'every request fails within a millisecond: connection refused, HTTP 000',
    'no listener on its port, no process behind it',
    'names resolve and the database answers',
  ],
  investigation: [
    [
      'Knock',
      "curl -m 5 -w 'Response Code: %{http_code}\\n' <url>",
      '000 at once: connection refused (a timeout would be a hung or starved service)',
    ],
    ['See who listens', "ss -lntp 'sport = :<port>'", 'nobody'],
    [
      'Ask systemd, where it runs the service',
      'systemctl --failed; systemctl status <app>; journalctl -u <app> -n 50',
      'failed, with the exit code or signal; activating (auto-restart) is one that ends again and again',
    ],
    [
      'Ask how it ended',
      'docker inspect -f "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}" <app>',
      'exited; 137 is SIGKILL from anybody: only an oom event or an oom_kill count proves memory',
    ],
    [
      'Read its last lines',
      'docker logs --tail 20 <app>',
      'the reason, when it had time to say it; a killed process has not',
    ],
  ],
  rootCause: [
    'the process crashed, was stopped, or was killed',
    'Linux refuses connections only where nobody listens, or a firewall rejects them; overload gives timeouts, not refusals',
  ],
  fix: ['start the service again, then read why it ended'],
  prevention: [
    'a supervisor that restarts it, with a pause that grows',
    'more than one replica behind a health check',
    'memory limits with an alert below them, so that an OOM kill is seen coming',
  ],
  confusedWith: {
    'service-hung': 'a frozen service accepts and stays silent; this one refuses at once',
    'resolver-saturation': 'overload ends in timeouts, never in refusals; lookups are fast here',
    'database-down': 'there the application still accepts and answers 500',
  },
  recovery: ['its port accepts connections', 'every target answers 200', 'what is written can be read back'],
});
