import type { Experiment, Stage } from '../experiment.js';
import { cpuSection } from '../findings/cpu-limit.js';
import { LIMITS } from '../lab/swarm-lab.js';
import type { CpuFigures } from '../measured.js';
import { loadFigures } from '../watch/figures.js';
import { ExperimentFailure, eventsSince, meanOf, replicasOf, until } from '../watch/watch.js';
import { changeLimits, restoreLimits } from './limit-change.js';
import { proveRecovery } from './prove.js';
import { asItStands, felt, namedIn, reachSteadyState, underLoad, untilNamed } from './steps.js';

/** The findings document's change. */
const LESS = 0.2;
/**
 * 9 requests a second to each of two replicas, 20 ms of CPU time each and some 3 ms around it: 0.21 cores a replica,
 * below the limit of 0.3 and above that of 0.2.
 */
const LOAD = { seconds: 12, perSecond: 18, path: '/work?ms=20' } as const;
/** Median answers are compared over this long (ms). */
const WINDOW_MS = 4000;
const FELT_MS = 60_000;
/** The load is borne when all are answered and the median is below this (ms); it is 30 ms on a machine at rest. */
const HEALTHY_MS = 400;
const TRIES = 3;
/** Customers feel it when the median answer takes this many times as long. */
const SLOWER = 1.5;

/** Lowers the service's CPU limit from 0.3 to 0.2 cores by a service update, under load, and restores it. */
export const cpuLimit: Experiment = {
  id: 'cpu-limit',
  title: 'Resource Limitation Test (CPU)',
  describe: `lowers the CPU limit from ${LIMITS.cpus} to ${LESS} cores: docker service update --limit-cpu ${LESS}`,
  undoDescribe: 'the spec that the service had before',
  async run(stage) {
    const { lab, tell } = stage;
    const before = await reachSteadyState(stage);
    tell(
      'baseline',
      'progress',
      `${LOAD.perSecond} requests a second of 20 ms CPU time for ${LOAD.seconds} s`,
    );
    const first = await healthyUnderLoad(stage);
    const carried = await changeLimits(stage, this, before, { cpus: LESS });
    const since = Date.now();
    stage.marks.injectedAt = since;
    lab.client.load((2 * FELT_MS) / 1000, LOAD.perSecond, LOAD.path);
    const p50 = () => ({
      before: first.load.p50,
      now: loadFigures(lab.client.answers(Math.max(since, Date.now() - WINDOW_MS))).p50,
    });
    await until(stage, 'customers feel it', FELT_MS, () => {
      const { before: then, now } = p50();
      return then !== null && now !== null && now > SLOWER * then ? true : undefined;
    }).then(() => felt(stage, Date.now(), `the median answer takes ${Math.round(p50().now ?? 0)} ms`));
    const finding = await untilNamed(stage, this.id);
    const during = await measured(stage);
    const told = asItStands(stage, finding);
    tell('named', 'progress', figuresText(during));
    lab.client.rest();
    const back = await restoreLimits(stage, carried.service);
    const after = await measured(stage);
    tell('verify', 'progress', figuresText(after));
    const checks = await proveRecovery(stage, before);
    const section = cpuSection({
      date: stage.marks.injectedAt ?? since,
      service: before.name,
      from: LIMITS.cpus,
      to: LESS,
      replicas: before.desired,
      carried,
      back,
      before: first,
      during,
      after,
      means: stage.store.getState().latest.services?.sample.means ?? '',
      oomEvents: eventsSince(stage, since).filter(({ action }) => action === 'oom').length,
      named: namedIn(stage, told),
    });
    return { checks, section };
  },
};

/** The service under load before anything is caused. A machine without CPU to spare would be measured instead of a limit. */
async function healthyUnderLoad(stage: Stage): Promise<CpuFigures> {
  for (let left = TRIES; ; left--) {
    const figures = await measured(stage);
    stage.tell('baseline', 'progress', figuresText(figures));
    const { sent, failed, p50 } = figures.load;
    if (failed === 0 && p50 !== null && p50 < HEALTHY_MS) return figures;
    if (left <= 1)
      throw new ExperimentFailure(
        `no steady state, so nothing was caused: with ${LIMITS.cpus} cores a replica ${sent - failed} of ${sent} ` +
          `requests were answered, median ${Math.round(p50 ?? 0)} ms: this machine has too little CPU to spare`,
      );
    stage.lab.client.rest();
  }
}

async function measured(stage: Stage): Promise<CpuFigures> {
  const load = await underLoad(stage, LOAD);
  const percent = meanOf(stage, 'service.cpu', load.since + 2000);
  return {
    load,
    cores: percent === null ? null : percent / 100,
    throttledPercent: meanOf(stage, 'service.throttled', load.since + 2000),
    limits: replicasOf(stage).map(({ container }) => container?.limits.cpus ?? null),
  };
}

function figuresText({ load, cores, throttledPercent }: CpuFigures): string {
  return [
    `median ${Math.round(load.p50 ?? 0)} ms`,
    `${load.sent - load.failed} of ${load.sent} answered`,
    `${cores?.toFixed(2) ?? 'unknown'} cores a replica`,
    `held back in ${throttledPercent?.toFixed(0) ?? 'unknown'} % of the periods`,
  ].join(', ');
}
