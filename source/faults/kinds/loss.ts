import { BOUNDS, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { type Ping, packetsOf, packetsReading, pingReading, pingsOf } from '../observe/readings.js';
import { arriving, EVERY_PACKET, leased } from '../plan/nft.js';
import { ownTables } from '../plan/steps.js';
import { neighbourOf } from '../plan/surroundings.js';
import type { KindOfFault } from './kind.js';

/** Pings that make it likely (1 - e^-5) to see a loss, within bounds that keep the look short. */
const pingsFor = (percent: number): number => Math.min(400, Math.max(50, Math.ceil(500 / percent)));

/**
 * Packets that arrive are dropped at random before anything in the target sees them. Never where they are sent: a
 * drop in OUTPUT tells the sender so (EPERM), which no lossy network does.
 */
export const loss: KindOfFault<'loss'> = {
  scope: 'network',
  wants: ['means'],
  touches: [],
  ownStep: ownTables,
  plan(spec, surroundings) {
    const percent = within(spec.percent, BOUNDS.lossPercent);
    const share = Math.round(percent * 100);
    const drop = `iifname != "lo" meta nfproto @lease numgen random mod 10000 < ${share} counter drop`;
    const neighbour = neighbourOf(surroundings);
    const pings = neighbour === null ? [] : [pingReading(neighbour, pingsFor(percent), 1000)];
    return {
      ...leased(surroundings, [{ family: 'inet', sets: [EVERY_PACKET], chains: [arriving([drop])] }]),
      what: `${surroundings.target.identity.name}: ${percent} % of the packets that arrive are lost`,
      means: 'nft, at random, before conntrack',
      readings: [...pings, packetsReading(surroundings.id)],
    };
  },
  effect({ plan, spec, before, after }) {
    const [{ was, is } = { was: null, is: null }] = pingsOf(plan, before, after);
    const dropped = packetsOf(plan, after);
    if (dropped === null) return inconclusive('the counter of its rule cannot be read');
    const counted = `${dropped} packets dropped by its rule`;
    if (was === null || is === null || was.answered === 0)
      return dropped > 0 ? confirmed(counted) : inconclusive(`${counted}, and no neighbour answers a ping`);
    const signal = `${lost(was)} → ${lost(is)} pings lost, ${counted}`;
    if (dropped > 0 && is.answered < is.sent) return confirmed(signal);
    // At a small share a few hundred packets can all get through.
    return spec.percent >= 5 ? mismatch(signal) : inconclusive(signal);
  },
};

const lost = ({ sent, answered }: Ping): string => `${sent - answered}/${sent}`;
