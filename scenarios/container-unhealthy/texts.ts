import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'container-unhealthy',
  title: 'A container fails its health check',
  summary: 'A container runs, and the check that it was made with says that it does not do its work.',
  severity: 'warning',
  origin: "Docker's health checks: docker ps says (unhealthy), and nothing else happens by itself",
  alerts: [
    ['ContainerUnhealthy', 'State.Health.Status is unhealthy', '0s'],
    ['HealthCheckSlow', 'a check ends by its timeout (exit code -1)', '0s'],
  ],
  symptoms: [
    'docker ps says (unhealthy); the container runs on: Docker alone does not restart it',
    'a balancer or Swarm that heeds the check sends it nothing, or replaces it',
    'its users meet errors, or nothing yet',
  ],
  investigation: [
    [
      'Read what the last checks said',
      "docker inspect -f '{{range .State.Health.Log}}{{println .End .ExitCode .Output}}{{end}}' <server>",
      'the exit code and the output of the last five: what could not be reached, or was wrong',
    ],
    [
      'See what is asked',
      "docker inspect -f '{{json .Config.Healthcheck}}' <server>",
      'its command, interval, timeout and retries',
    ],
    [
      'Ask it by hand',
      'docker exec <server> sh -c "<the command>"; echo $?',
      '0 is healthy; a tool that is missing in the image fails as well',
    ],
  ],
  rootCause: [
    'the program in it does not do what the check asks for: it hangs, waits for something, or has lost a dependency',
    'or the check itself is wrong: a tool that the image does not have, a port or a path that has changed',
  ],
  fix: ['mend what the output of the check names; it is healthy again after the next check that passes'],
  prevention: [
    'a check that asks the program itself, cheap, with a deadline shorter than its interval',
    'no dependencies in it: else one database that is away makes every container unhealthy',
    'an alert on unhealthy containers: Docker alone tells nobody',
  ],
  confusedWith: {
    'service-hung': 'a hung service answers nobody; this one may answer all but its check',
    'database-down': 'a check that asks the database fails with it: the database is then the cause',
    'container-kill': 'a killed container is gone; this one runs',
  },
  recovery: ['docker inspect says healthy', 'every target answers 200'],
  notCaused: 'what its own check looks for is known to its image alone',
});
