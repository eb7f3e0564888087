import type { FaultPlan, KeeperStep } from '../fault-plan.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { msText, neighbourOf, pingOf, pingReading } from '../observe/ping.js';
import { queuedOf, queueReading } from '../observe/queue.js';
import { within } from '../plan/numbers.js';
import { queuePlan } from '../plan/packet-queue.js';
import { qdiscPlan } from '../plan/qdisc.js';
import type { Surroundings } from '../plan/surroundings.js';
import { inNetwork, type KindOfFault, type PlanBody } from './kind.js';

/** Pings for the verdict; with a long delay fewer, so that it is there in seconds. */
const PINGS = 5;
/** A delay bites when this share of it is seen: timers and jitter take some. */
const SEEN = 0.7;

/** Every round trip of the target takes longer: netem on its way out, else a queue of ours on its way in. */
export const delay: KindOfFault<'delay'> = {
  reads: { means: true, inside: true, memory: false },
  plan(spec, surroundings) {
    const ms = within(spec.ms, 1, 30_000, 'a delay in ms');
    const jitter = within(spec.jitterMs ?? 0, 0, ms, 'a jitter in ms');
    const name = surroundings.target.identity.name;
    const varies = jitter === 0 ? '' : `, give or take ${jitter} ms`;
    const neighbour = neighbourOf(surroundings);
    const which = surroundings.means.netem === null ? 'it sends' : 'that comes to it';
    return {
      ...meansFor(ms, jitter, surroundings),
      what: `${name}: every packet ${which} waits ${ms} ms${varies}`,
      readings: [...(neighbour === null ? [] : [pingReading(neighbour, PINGS, ms + jitter)]), queueReading],
    };
  },
  bite(plan, spec, before, after) {
    const name = plan.readings.find((reading) => reading.name.startsWith('ping '))?.name;
    const [was, is] = [before, after].map((sight) => pingOf(name ? sight.readings[name] : undefined));
    const queued = queuedOf(after.readings[queueReading.name], queueOf(plan));
    const held = queued === null ? '' : `, ${queued} packets held`;
    if (was?.meanMs != null && is?.meanMs != null) {
      const signal = `round trip to ${name?.slice('ping '.length)} ${msText(was.meanMs)} → ${msText(is.meanMs)}${held}`;
      const least = SEEN * (spec.ms - (spec.jitterMs ?? 0));
      return is.meanMs - was.meanMs >= least ? confirmed(signal) : mismatch(signal);
    }
    return inconclusive(`no neighbour answers a ping${held}`);
  },
};

function meansFor(ms: number, jitter: number, s: Surroundings): Omit<PlanBody, 'what'> {
  const { netem } = s.means;
  if (netem === null) return netemPlan(ms, jitter, s);
  return queuePlan({ ms, jitter }, s, `netem is not to be had: ${netem}`);
}

function netemPlan(ms: number, jitter: number, s: Surroundings): Omit<PlanBody, 'what'> {
  // The default limit of 1,000 packets would drop what waits longer than they take to arrive (tc-netem(8)).
  const options = ['netem', 'limit', '100000', 'delay', `${ms}ms`, ...(jitter === 0 ? [] : [`${jitter}ms`])];
  return { ...qdiscPlan(options, s), means: 'netem', insteadOf: null, keeper: inNetwork() };
}

function queueOf(plan: FaultPlan): number {
  const isQueue = (step: KeeperStep): step is Extract<KeeperStep, { do: 'queue' }> => step.do === 'queue';
  return plan.apply.find(isQueue)?.number ?? -1;
}
