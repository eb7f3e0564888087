import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'database-down',
  title: 'The database is down',
  summary: 'The database server has exited or does not answer, so every request that needs data fails.',
  severity: 'critical',
  origin: 'Container Networking Exhaustion (what that failure is mistaken for)',
  alerts: [
    ['DatabaseDown', 'SELECT 1 fails, or its port refuses or stays silent', '1m'],
    ['Complete Service Outage', 'HTTP error rate > 95 %', '1m'],
  ],
  symptoms: [
    'pages that need data answer 500 at once, or hang when the server is frozen; pages that do not still work',
    'connecting to the database by its address is refused within a millisecond (ECONNREFUSED), or never answered when it is frozen',
    'the log says "connection refused", not that a name cannot be resolved',
    'names resolve as fast as ever',
  ],
  investigation: [
    ['Ask the database itself, by address', ASK_DATABASE, 'connection refused: nobody listens there'],
    [
      'Look at its process',
      'docker ps -a --filter name=<database>; docker inspect -f "{{.State.ExitCode}} {{.State.OOMKilled}}" <database>',
      'exited; an exit code of 137 is SIGKILL and alone no proof of running out of memory',
    ],
    [
      'Read its last lines',
      'docker logs --tail 20 <database>',
      'a shutdown request, a crash, or a full disk',
    ],
    ['Clear the resolver', 'dig +tries=1 +time=2 <name>', 'answers in milliseconds: not name resolution'],
  ],
  rootCause: [
    'the server process has ended (stopped, crashed, killed) or is stopped by a signal',
    'the kernel refuses connections to a port that nobody listens on; it does not refuse because of load',
  ],
  fix: [
    'start the database again; it replays its log and is ready when it answers (SELECT 1, PING)',
    'one that runs and is silent: read its log first, it may be at a limit of its own or at recovery, which a restart begins anew',
  ],
  prevention: [
    'a supervisor that restarts it (restart: unless-stopped, systemd Restart=on-failure)',
    'a standby that takes over, and clients that reconnect',
    'circuit breaker in the application: answer 503 at once instead of an error from deep inside',
    'a health check that asks it something (SELECT 1, PING), apart from the one that asks whether the process lives',
  ],
  confusedWith: {
    'resolver-saturation': 'lookups are answered in milliseconds; here it is the connect that fails',
    'database-connections':
      'a full database answers, and says so (53300); this one does not, nor does a broker at its limit',
    'name-missing': 'the name resolves; the address behind it refuses',
    'service-stopped': 'the application itself accepts connections and answers 500',
  },
  recovery: [
    'it answers by address in milliseconds (SELECT 1, PING)',
    'every target answers 200',
    'what is written can be read back',
  ],
});
