import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'container-cannot-start',
  title: 'A container cannot be started',
  summary: 'A container was made and its first process never ran: its daemon says why.',
  severity: 'warning',
  origin: 'docker start: State.Error of a container that is created or exited',
  alerts: [
    ['ContainerStartFailed', 'State.Error is not empty and the container does not run', '0s'],
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
  ],
  symptoms: [
    'docker ps does not show it, docker ps -a shows it as Created or Exited (126, 127 or 128)',
    'its log is empty: nothing of it has run',
    'its clients find no such name, or are refused',
  ],
  investigation: [
    [
      'Read why',
      "docker inspect -f '{{.State.Error}} (exit {{.State.ExitCode}})' <server>",
      'a command that is not there, a port that is taken, a mount or a network that is missing',
    ],
    [
      'See what it is to run',
      "docker inspect -f '{{.Path}} {{.Args}}' <server>",
      'the command as it is looked for within the image',
    ],
    ['See who has its port', "ss -lntp 'sport = :<port>'", 'another process, or another container'],
  ],
  rootCause: [
    'its command is not in the image, or may not be executed (127, 126)',
    'a port it publishes is taken, a device, a mount or a network that it wants is not there',
  ],
  fix: ['mend what its daemon names, then start it again'],
  prevention: [
    'start what was built once before it is rolled out',
    'fixed versions of images: a command that moved is then no surprise',
    'one owner for every published port',
  ],
  confusedWith: {
    'container-kill': 'a killed or crashed container did run: it has a log and an end',
    'name-missing': 'the name is missing because its container never ran: other names resolve',
    'service-stopped': 'that is what its users see: nobody listens',
  },
  recovery: ['the container runs, and State.Error is empty', 'every target answers 200'],
  notCaused: 'it is a mistake in how a container was made: nothing done to a running one makes it',
});
