import { packetsOf, packetsReading } from '../observe/counters.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { neighbourOf, pingOf, pingReading } from '../observe/ping.js';
import { leased } from '../plan/nft.js';
import { within } from '../plan/numbers.js';
import { requireNft } from '../plan/require-nft.js';
import { inNetwork, type KindOfFault } from './kind.js';

/** Pings that make it likely (1 - e^-5) to see a loss, within bounds that keep the look short. */
const pingsFor = (percent: number): number => Math.min(400, Math.max(50, Math.ceil(500 / percent)));

/**
 * Packets that arrive are dropped at random before anything in the target sees them. Never where they are sent: a
 * drop in OUTPUT tells the sender so (EPERM), which no lossy network does.
 */
export const loss: KindOfFault<'loss'> = {
  reads: { means: true, inside: false, memory: false },
  plan(spec, surroundings) {
    const percent = within(spec.percent, 0.01, 100, 'a loss in percent');
    requireNft(surroundings);
    const { id, ttlMs, target } = surroundings;
    const { apply, renew, undo } = leased(id, ttlMs, [
      {
        family: 'inet',
        sets: [{ name: 'lease', type: 'nf_proto', elements: ['ipv4', 'ipv6'] }],
        chains: [
          {
            name: 'arriving',
            at: 'filter hook prerouting priority raw',
            rules: [
              `iifname != "lo" meta nfproto @lease numgen random mod 10000 < ${Math.round(percent * 100)} counter drop`,
            ],
          },
        ],
      },
    ]);
    const neighbour = neighbourOf(surroundings);
    const pings = neighbour === null ? [] : [pingReading(neighbour, pingsFor(percent), 1000)];
    return {
      what: `${target.identity.name}: ${percent} % of the packets that arrive are lost`,
      means: 'nft, at random, before conntrack',
      ending: 'kernel lease',
      apply: [apply],
      renew: [renew],
      undo: [undo],
      readings: [...pings, packetsReading(id)],
      keeper: inNetwork(),
    };
  },
  bite(plan, spec, before, after) {
    const name = plan.readings.find((reading) => reading.name.startsWith('ping '))?.name ?? '';
    const [was, is] = [pingOf(before.readings[name]), pingOf(after.readings[name])];
    const dropped = packetsOf(after.readings[packetsReading(plan.id).name]);
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

const lost = ({ sent, answered }: { sent: number; answered: number }): string => `${sent - answered}/${sent}`;
