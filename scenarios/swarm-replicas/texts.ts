import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'swarm-replicas',
  title: 'A Swarm service lacks replicas',
  summary:
    'Swarm keeps as many tasks of a service running as it was told to. Here it cannot: no node takes a task, or each one ends again.',
  severity: 'critical',
  origin: 'Chaos Engineering Experiment Findings, Summary of Docker Swarm Resilience',
  alerts: [
    ['SwarmReplicasMissing', 'running < desired, and no update goes on', '20s'],
    ['SwarmTaskLoop', '3 tasks of one service failed in 10 min', '0s'],
  ],
  symptoms: [
    'the service is slower, or away when no replica is left: its address answers nobody',
    'docker service ls says 1/2, or 0/2, and stays so',
    'the list of tasks grows: one Failed or Rejected beneath the other',
    'nothing is wrong with the network: the tasks that run are reached',
  ],
  investigation: [
    [
      'Compare what runs with what should',
      'docker service ls --filter name=<name>',
      'fewer replicas than desired, for longer than the 15 s that a replacement takes',
    ],
    [
      'Read what became of its tasks',
      'docker service ps --no-trunc <name>',
      'Pending, "no suitable node": not placed; Rejected: no image, no mount; Failed: it ends by itself',
    ],
    [
      'Read the last words of one that failed',
      'docker service logs --tail 50 <name>',
      'the error that it ends with; nothing at all of one that was killed',
    ],
    [
      'See what the nodes have left, and whether they are all there',
      "docker node ls; docker node inspect self --format '{{json .Description.Resources}}'",
      'Ready and Active nodes with room for its reservations and constraints',
    ],
    [
      'See what the last update changed',
      "docker service inspect <name> --format '{{json .UpdateStatus}}'",
      'an update that was paused, or finished shortly before the trouble',
    ],
  ],
  rootCause: [
    'no node fits: reservations larger than what is left, a constraint that none meets, a node that is down',
    'each task ends again: a bad image or setting of the last update, a memory limit that is too low',
    'Swarm replaces what fails, in about 12 s; it cannot mend what makes it fail',
  ],
  fix: [
    'what no node takes: smaller reservations, or more room',
    'what fails since an update: docker service rollback <name>',
  ],
  prevention: [
    'updates that undo themselves: --update-failure-action rollback, with --update-monitor long enough',
    'a health check in the image: a task that starts and does not serve counts as failed',
    'reservations that leave room for one node less',
    'an alert on running below desired, beside the one on the service',
  ],
  confusedWith: {
    'container-kill': 'after a kill a new task runs within 15 s; here none does',
    'memory-limit': 'one reason for a loop: its tasks end with an oom event',
    'service-stopped': 'its address refuses because no task runs, not because one hangs',
    'service-restarted': 'in an update Swarm ends tasks by intent, and starts as many',
  },
  recovery: [
    'as many replicas run as are desired, and no task has failed for a minute',
    'every target answers 200',
  ],
  notCaused: 'Swarm heals within seconds what is done to a task: only what no node can take stays away',
});
