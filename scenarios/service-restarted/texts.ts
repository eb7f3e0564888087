import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'service-restarted',
  title: 'A container was stopped or restarted by hand',
  summary:
    'Somebody asked a container to end: docker stop, docker restart, a deployment. What fails around it until it serves again has no other cause.',
  severity: 'warning',
  origin: 'Container Networking Exhaustion (failure mode documentation), Recovery Procedures',
  alerts: [
    ['ContainerStopped', 'kill(15), die and stop, and no start after them', '0s'],
    [
      'ContainerRestarted',
      'the same with a start, until 60 s after it: a notice, unless targets still fail',
      '0s',
    ],
  ],
  symptoms: [
    'its clients fail for the seconds in which it is away: refused connections, a name that is gone',
    'a client that holds connections to it finds them dead and needs a moment for new ones',
    'everything is well again by itself, or stays as it is because it was not started again',
  ],
  investigation: [
    [
      'Ask Docker what happened, in order',
      'docker events --since 10m --until 0s --filter event=kill --filter event=oom --filter event=die --filter event=stop --filter event=start',
      'kill 15, die, stop: it was asked to end; a kill 9 between is a stop that overran its grace time',
    ],
    [
      'See whether it runs, and since when',
      "docker inspect -f '{{.State.Status}} since {{.State.StartedAt}}, exit {{.State.ExitCode}} at {{.State.FinishedAt}}' <server>",
      'running since a moment ago, or exited; an exit code of 0 or 143 is an ordered end',
    ],
    [
      'Find who did it',
      'journalctl -u docker --since -10min; last -n 5',
      'a deployment, a compose run, or a person who was logged in',
    ],
    [
      'See whether users are well again',
      "curl -s -o /dev/null -m 5 -w '%{http_code} %{time_total}\\n' <url>",
      '200 in the usual time',
    ],
  ],
  rootCause: [
    'a person or a deployment stopped it or started it anew',
    'a change that cannot be made in place (a CPU limit of a service, an image) starts new containers as well',
  ],
  fix: [
    'start it again where it is still away: docker start <server>',
    'where it is back: nothing, but wait',
  ],
  prevention: [
    'more than one replica, restarted one after the other',
    'a server that ends in order: it takes no new connections, finishes what it has, then exits',
    'out of the balancer first, stopped seconds later: no connection is refused meanwhile',
    'clients that try again with growing pauses, so that a restart is a short delay',
  ],
  confusedWith: {
    'container-kill': 'a kill is kill(9) or no signal at all; here kill(15) came first',
    'memory-limit': 'out of memory leaves an oom event before the end',
    'database-down': 'the database did not fail: its container was asked to end',
    'service-stopped': 'that is what its users see; who ended it stands in the events',
  },
  recovery: [
    'the container runs, and its start is more than a minute ago',
    'every target answers 200, in its usual time',
  ],
  notCaused:
    'it is no failure: whoever restarts a container in the console, or with docker restart, sees it named',
});
