import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'container-paused',
  title: 'A container is paused',
  summary: 'A container is frozen by its engine: connections to it come about, and nothing is ever answered.',
  severity: 'critical',
  origin: 'docker pause: by hand, or by a backup that froze it and did not let go',
  alerts: [
    ['ContainerPaused', 'State.Paused is true', '0s'],
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
  ],
  symptoms: [
    'its clients connect in no time and then wait without end, or until their deadline',
    'its port takes connections until the queue is full, then new ones time out',
    'no error anywhere: its log stops in the middle, its CPU is at zero',
    'so it is taken for a slow database, a full pool or a network that loses packets',
  ],
  investigation: [
    [
      'Ask Docker for what is paused',
      'docker ps --filter status=paused',
      'the container, "Up 3 hours (Paused)"',
    ],
    [
      'See when that was',
      'docker events --since 1h --until 0s --filter event=pause --filter event=unpause',
      'pause, and no unpause after it',
    ],
    [
      'Look at the queue of its port',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n ss -lnt",
      'Recv-Q above zero: connections that nobody accepts',
    ],
  ],
  rootCause: [
    'docker pause (or the freezer of its cgroup) stopped every process in it, and nobody has undone that',
    'a backup or a snapshot froze it and failed before it let go',
  ],
  fix: ['docker unpause <server>: it goes on where it was frozen, nothing is lost'],
  prevention: [
    'what pauses a container unpauses it whatever happens in between (a trap, a finally)',
    'deadlines in every client: a frozen peer then is an error within seconds, not a hang',
    'an alert on paused containers beside the one on stopped ones',
  ],
  confusedWith: {
    'service-hung': 'there the process hangs by itself or by a signal; here its engine says Paused',
    'database-down': 'a database that is down refuses; a paused one accepts and stays silent',
    'container-kill': 'a killed container is gone: its name is not found, its port refuses',
  },
  recovery: [
    'docker inspect says running, and its log goes on',
    'every target answers 200, in its usual time',
  ],
  notCaused: "a pause is one of the console's own actions: freezing a service shows the same",
});
