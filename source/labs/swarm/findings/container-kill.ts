import type {
  ContainerHealth,
  ContainerLimits,
} from '../../../engines/docker/containers/docker-container.js';
import type { SwarmTask } from '../../../probes/samples.js';
import { duration, plural } from '../../../terminal/format.js';
import type { LoadFigures } from '../watch/figures.js';
import { code, type FindingsSection } from './page.js';
import { cores, mib, share } from './words.js';

/** What was measured when a container was killed. Times are the daemon's, wall-clock ms; null was not seen. */
export interface KillRecord {
  readonly date: number;
  readonly service: string;
  readonly desired: number;
  readonly victim: SwarmTask;
  readonly killedAt: number | null;
  readonly successor: SwarmTask;
  readonly oomEvents: number;
  readonly desiredAfter: number;
  readonly runningAfter: number;
  readonly inHistory: boolean;
  readonly limitsBefore: ContainerLimits | null;
  readonly limitsAfter: ContainerLimits | null;
  readonly health: ContainerHealth;
  readonly during: LoadFigures;
  /** What the diagnosis called it, and how long after the trigger, ms. */
  readonly named: { readonly title: string; readonly ms: number };
}

/** The recovery time that the findings document calls quick (ms). */
const QUICK_MS = 15_000;

/** The findings of a killed container, each from a measurement of this run. Pure. */
export function killSection(run: KillRecord): FindingsSection {
  const { victim, successor, during } = run;
  const id = code((victim.container ?? '').slice(0, 12));
  const took = successor.changedAt - victim.changedAt;
  const sameLimits = run.limitsBefore !== null && equal(run.limitsBefore, run.limitsAfter);
  return {
    title: 'Container Failure Test',
    date: run.date,
    service: run.service,
    procedure: [
      `Identified a running container of the service: ${id}`,
      `Killed it using ${code('docker kill')}, with a customer asking 5 times a second`,
      "Observed Docker Swarm's response",
    ],
    observations: [
      ...(run.killedAt === null
        ? []
        : [
            `Docker Swarm told of the failure ${duration(victim.changedAt - run.killedAt)} after the kill: ${code(victim.error ?? victim.state)}`,
          ]),
      `A new task was created ${duration(successor.createdAt - victim.changedAt)} after the end of the failed one`,
      `The new container was running ${duration(took)} after the end of the failed task`,
      `One of ${plural(run.desired, 'replica')} was missing for that time; afterwards ${run.runningAfter} of ${run.desiredAfter} ran`,
      `${plural(during.failed, 'request')} of ${during.sent} failed in the meantime (${share(during.failed, during.sent)})${errorsText(during)}`,
      run.inHistory
        ? `The failed task is kept in the service's task list, with exit code ${victim.exitCode}`
        : "The failed task is no longer in the service's task list",
      `${plural(run.oomEvents, 'oom event')} of the container: exit code ${victim.exitCode} came from the signal`,
      `It was named ${duration(run.named.ms)} after the trigger: ${code(run.named.title)}`,
    ],
    findings: [
      run.runningAfter === run.desired && run.desiredAfter === run.desired
        ? 'The self-healing mechanism of Docker Swarm worked: the replica count is as it was'
        : `The replica count was not restored: ${run.runningAfter} of ${run.desired}`,
      took < QUICK_MS
        ? `Recovery time is quick: ${duration(took)}, under 15 seconds`
        : `Recovery time is long: ${duration(took)}, over 15 seconds`,
      ...(run.inHistory ? ['The failure can be read in the service history'] : []),
      ...(run.limitsAfter === null
        ? []
        : [
            sameLimits
              ? `The new container has the same limits as the old one: ${limitsText(run.limitsAfter)}`
              : `The new container has other limits: ${limitsText(run.limitsAfter)}, not ${run.limitsBefore ? limitsText(run.limitsBefore) : 'known before'}`,
          ]),
      during.failed === 0
        ? 'No customer saw the failure'
        : `Customers saw the failure: ${plural(during.failed, 'failed request')}`,
    ],
    recommendations: [
      ...(run.health === 'none'
        ? ['Add a health check: the container has none, so only its end is detected, not that it hangs']
        : []),
      ...(run.desired === 1
        ? ['Run more than one replica: with one, its whole recovery time is an outage']
        : []),
      ...(during.failed > 0
        ? ['Retry idempotent requests once on another replica: the others went on answering']
        : []),
      ...(took >= QUICK_MS
        ? ['Shorten the restart delay, and look at what the container does at its start']
        : []),
      'Alert on failed tasks of a service: a replica that is replaced again and again looks healthy in between',
    ],
  };
}

function errorsText({ errors }: LoadFigures): string {
  return errors.length === 0
    ? ''
    : `: ${errors
        .slice(0, 3)
        .map(({ text, count }) => `${count} × ${code(text)}`)
        .join(', ')}`;
}

const limitsText = ({ cpus, memoryBytes }: ContainerLimits): string => `${cores(cpus)}, ${mib(memoryBytes)}`;

const equal = (a: ContainerLimits, b: ContainerLimits | null): boolean =>
  b !== null && a.cpus === b.cpus && a.memoryBytes === b.memoryBytes;
