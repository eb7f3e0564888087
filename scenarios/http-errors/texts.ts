import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'http-errors',
  title: 'Requests to a target fail',
  summary:
    'A target answers with errors, always or now and then, or its client does not take the answer, and no other failure mode explains it: the trouble is its certificate, within the application, or behind it where nobody looks.',
  severity: 'warning',
  origin: 'Container Networking Exhaustion (failure mode documentation), Secondary Alert: High Error Rate',
  alerts: [
    [
      'High Error Rate',
      '2 failed runs in a row of one target, or one that timed out; or 5 % of its requests in 60 s, 3 at least',
      '3s',
    ],
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
  ],
  symptoms: [
    'one or more targets of an address fail run after run, or a share of their requests does',
    'the address is reached, names resolve, and the database answers where it is watched',
    'no container has ended, no limit is met, no packet is lost',
  ],
  investigation: [
    [
      'Ask it once yourself and read all of the answer',
      'curl -sv -m 5 <url>',
      'the status, and a body that often names the reason: a stack trace, a missing table, a failed login',
    ],
    [
      'Read its log at the time of the first failure',
      'docker logs --since 10m <app> 2>&1 | grep -iE "error|exception|refused|timeout" | head -20',
      'the first error, not the last: later ones follow from it',
    ],
    [
      'See what changed shortly before',
      "docker events --since 30m --until 0s --filter type=container --format '{{.Time}} {{.Action}} {{.Actor.Attributes.name}} {{.Actor.Attributes.image}}'",
      'a new image, a restart, an update of limits right before the first failure',
    ],
    [
      'Clear what it depends on, by address',
      `docker exec <app> getent hosts <database>; ${ASK_DATABASE}`,
      'a name with an address, and an answer in milliseconds; else that is the cause',
    ],
  ],
  rootCause: [
    'one of several replicas fails, and its balancer still sends it a share of the requests',
    'a certificate that expired, names another host, or is sent without its chain',
    'an error within the application: a bad release, a setting, data that it does not expect',
    'or a dependency that is not watched from here: another API, a queue, a disk',
  ],
  fix: ['undo the last change where one came right before it; else mend what its log names first'],
  prevention: [
    'errors that say what failed and of whom: "payments: timeout after 2 s", not "internal error"',
    'a health check by which the balancer leaves out a replica that fails; an alert 20 days before a certificate expires',
    'a health check for each dependency, and a target here for each of them',
    'releases that go back by themselves when errors rise',
  ],
  confusedWith: {
    'database-down': 'the database is refused or silent, asked by address',
    'database-connections': 'the database refuses: too many clients',
    'resolver-dead': 'no lookup is answered',
    'service-stopped': 'connections are refused: nobody listens',
  },
  recovery: ['every target answers well twice in a row', 'no new error stands in the log of the application'],
  notCaused: 'it is what is left to say of a failing target when no other failure mode explains it',
});
