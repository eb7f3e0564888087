import { BOUNDS, FaultRefused, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { qdiscsReading, rateOf } from '../observe/readings.js';
import { ownQueue, qdiscPlan } from '../plan/qdisc.js';
import type { KindOfFault } from './kind.js';

/** A full packet with its Ethernet header; a smaller bucket would let none through (tc-tbf(8), burst). */
const LEAST_BURST = 1600;
/** Times a second that the kernel looks at the bucket at least (CONFIG_HZ of 100). */
const TICKS = 100;

/** What leaves is held to a rate; what is more waits, up to a time, and is then dropped. */
export const bandwidth: KindOfFault<'bandwidth'> = {
  scope: 'network',
  wants: ['means', 'inside'],
  touches: ['qdisc', 'queue lengths', 'class', 'filter'],
  ownStep: ownQueue,
  plan(spec, surroundings) {
    const { target, means } = surroundings;
    const kbit = within(spec.kbitPerSecond, BOUNDS.kbitPerSecond);
    const queueMs = within(spec.queueMs, BOUNDS.queueMs);
    if (means.tbf !== null) throw new FaultRefused(`tc has no token bucket here: ${means.tbf}`);
    const burst = Math.max(LEAST_BURST, Math.ceil((kbit * 1000) / 8 / TICKS));
    const options = ['tbf', 'rate', `${kbit}kbit`, 'burst', String(burst), 'latency', `${queueMs}ms`];
    return {
      ...qdiscPlan(options, surroundings),
      what: `${target.identity.name}: what it sends is held to ${kbit} kbit/s, with up to ${queueMs} ms of queue`,
      means: 'tc, token bucket',
      readings: [qdiscsReading],
    };
  },
  effect({ spec, before, after }) {
    const [was, is] = [rateOf(before), rateOf(after)];
    if (is === undefined) return inconclusive('its queues cannot be read');
    const text = (rate: number | null | undefined): string =>
      rate == null ? 'no rate' : `${rate / 1000} kbit/s`;
    const signal = `its queue: ${text(was)} → ${text(is)}`;
    // tc counts in bytes a second: the rate comes back rounded.
    const near = is !== null && Math.abs(is - spec.kbitPerSecond * 1000) <= spec.kbitPerSecond * 10;
    return near ? confirmed(signal) : mismatch(signal);
  },
};
