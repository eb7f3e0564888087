import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'container-kill',
  title: 'A container is killed',
  summary:
    'A container is gone in an instant: killed from outside, or ended by itself, with no word in its log.',
  severity: 'critical',
  origin: 'Chaos Engineering Experiment Findings, experiment 1: Container Failure Test',
  alerts: [
    ['ContainerKilled', 'die with exit code ≠ 0, no kill(15) and no oom before it', '0s'],
    ['ContainerCrashLoop', '3 ends or more of one container in 10 min', '0s'],
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
  ],
  symptoms: [
    'its open connections end at once, new ones are refused or find nobody at the address',
    'its name is gone, too: Docker answers NXDOMAIN at once for a container that does not run',
    'so its clients report a missing name, or a database that is down; neither is the cause',
    'its own log ends in the middle: SIGKILL leaves no time for a last word',
  ],
  investigation: [
    [
      'Ask Docker what happened, in order',
      'docker events --since 10m --until 0s --filter event=kill --filter event=oom --filter event=die --filter event=stop',
      'kill 9, then die 137, and no oom: somebody killed it; kill 15 and stop: it was stopped by hand',
    ],
    [
      'Look at what is left of it',
      "docker inspect -f '{{.State.Status}} {{.State.ExitCode}} oom={{.State.OOMKilled}} {{.State.FinishedAt}} restarts={{.RestartCount}}' <name>",
      'exited 137 oom=false; 137 alone is only SIGKILL, from anyone',
    ],
    [
      'Clear the resolver',
      'docker exec <client> getent hosts <name>; docker exec <client> getent hosts <server>',
      'only the name of the dead container is missing, at once: DNS works',
    ],
    [
      'See whether it comes back by itself',
      "docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' <name>; docker ps -a --filter name=<name>",
      'after docker kill no policy restarts it; a crash is restarted by unless-stopped or on-failure',
    ],
    [
      'On a swarm: see what became of the task',
      'docker service ps --no-trunc <app>',
      'Failed, "task: non-zero exit (137)", and a task of the same slot Running seconds later: Swarm replaced it',
    ],
  ],
  rootCause: [
    'a process outside the container sent SIGKILL to its first process: docker kill, a host script, an operator',
    'or its first process ended by itself with an error',
    'all that depends on it fails in its own way, which is why it is taken for the database or for DNS',
  ],
  fix: ['start the container again: docker start <name>'],
  prevention: [
    'restart policy unless-stopped, or an orchestrator that keeps the count (Swarm was back in about 12 s)',
    'a health check in the image, so that a failure is noticed before its users notice',
    'graceful shutdown in the application, so that an ordinary stop loses nothing',
    'an alert on container restarts, beside the one on the service',
  ],
  confusedWith: {
    'memory-limit': 'out of memory leaves an oom event and an oom_kill count; a kill leaves kill(9)',
    'database-down': 'the database did not fail: its container got SIGKILL before it refused',
    'name-missing': 'the record is missing because the container is: other names resolve',
  },
  recovery: [
    'the container runs, with a new start time, and its count of restarts does not rise',
    'every target answers 200; what is written can be read back',
    'every source reaches every target of the connectivity matrix',
    '20 of 20 requests succeed; ten timed requests are as fast as before',
  ],
});
