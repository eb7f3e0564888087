import type { FaultPlan, PlanBody } from '../fault-plan.js';
import { BOUNDS, jitterBound, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { msText, pingReading, pingsOf, queuedOf, queueReading } from '../observe/readings.js';
import { ownQueueRule, queuePlan } from '../plan/packet-queue.js';
import { ownQueue, qdiscPlan } from '../plan/qdisc.js';
import { anyOf, ownTables } from '../plan/steps.js';
import { neighbourOf, type Surroundings } from '../plan/surroundings.js';
import type { KindOfFault } from './kind.js';

/** Pings for the verdict; with a long delay fewer, so that it is there in seconds. */
const PINGS = 5;
/** A delay is confirmed when this share of it is seen: timers and jitter take some. */
const SEEN = 0.7;

/** Every round trip of the target takes longer: netem on its way out, else a queue of ours on its way in. */
export const delay: KindOfFault<'delay'> = {
  scope: 'network',
  wants: ['means', 'inside'],
  touches: ['qdisc', 'queue lengths', 'class', 'filter', 'nft ip mangle', 'nft ip6 mangle'],
  ownStep: anyOf(ownTables, ownQueueRule, ownQueue),
  plan(spec, surroundings) {
    const ms = within(spec.ms, BOUNDS.delayMs);
    const jitter = within(spec.jitterMs ?? 0, jitterBound(ms));
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
  effect({ plan, spec, before, after }) {
    const [ping] = pingsOf(plan, before, after);
    const queued = queuedOf(after, queueOf(plan));
    const held = queued === null ? '' : `, ${queued} packets held`;
    const [was, is] = [ping?.was?.meanMs, ping?.is?.meanMs];
    if (ping === undefined || was == null || is == null)
      return inconclusive(`no neighbour answers a ping${held}`);
    const signal = `round trip to ${ping.address} ${msText(was)} → ${msText(is)}${held}`;
    const least = SEEN * (spec.ms - (spec.jitterMs ?? 0));
    return is - was >= least ? confirmed(signal) : mismatch(signal);
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
  return { ...qdiscPlan(options, s), means: 'netem' };
}

/** The number of the queue that its agent reads; -1 where there is none. */
const queueOf = ({ apply }: FaultPlan): number => apply.find((step) => step.do === 'queue')?.number ?? -1;
