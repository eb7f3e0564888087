import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'unexplained',
  title: 'Something looks sick, and no failure mode explains it',
  summary:
    'A figure is beyond what is ordinary, or a state is not what it should be, and no failure mode is found at that place: so that nothing that is drawn as sick is called well.',
  severity: 'notice',
  origin: 'what the panels of the console draw as sick',
  alerts: [['UnexplainedSign', 'something is drawn as sick, and nothing is found at its place', '8s']],
  symptoms: [
    'a state or a figure stands on a panel as sick',
    'no failure mode is found at the same workload, target, name, connection or listener',
  ],
  investigation: [
    [
      'Look at the place itself',
      "docker inspect --format '{{json .State}}' <app>",
      'its state, its last exit, and what its health check said',
    ],
    [
      'Read its log at the time at which it began',
      'docker logs --since 10m <app> 2>&1 | tail -50',
      'the first error, not the last: later ones follow from it',
    ],
    [
      'See what changed shortly before',
      "docker events --since 30m --until 0s --filter type=container --format '{{.Time}} {{.Action}} {{.Actor.Attributes.name}}'",
      'a restart, a new image or an update right before it began',
    ],
  ],
  rootCause: [
    'a failure of a kind that is not known here',
    'or one whose evidence lies where nobody may look: within the application, or on another host',
  ],
  fix: ['none until the cause is known: look at the place that is named'],
  prevention: ['a health check and a target for what matters, so that its failing is seen where it begins'],
  confusedWith: {
    'http-errors': 'there a target that was given fails',
    'service-hung': 'connects, and never a byte comes back; or its process is stopped',
    'container-kill': 'its process was ended from outside',
  },
  recovery: ['what looked sick looks well again'],
  notCaused: 'it is what is left to say of what looks sick when no other failure mode explains it',
});
