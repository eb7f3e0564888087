import type Docker from 'dockerode';
import { z } from 'zod';
import { readByProgram } from '../agent/read-by-program.js';
import type { HostMeans } from './surroundings.js';

const trial = z.string().nullable();
const shape: z.ZodType<HostMeans> = z.object({
  netem: trial,
  tbf: trial,
  nft: trial,
  nftQueue: trial,
  iptablesNft: trial,
  iptablesLegacy: trial,
  egress: trial,
});

/** One answer a daemon and image: its machine's kernel stays what it is while this program runs. */
const known = new WeakMap<Docker, Map<string, Promise<HostMeans>>>();

/** What the daemon's machine can do, found by trying it in a network that is thrown away. */
export function readMeans(on: { readonly docker: Docker; readonly image: string }): Promise<HostMeans> {
  const byImage = known.get(on.docker) ?? new Map<string, Promise<HostMeans>>();
  known.set(on.docker, byImage);
  const asked = byImage.get(on.image) ?? readByProgram(on, 'means', null, shape);
  byImage.set(on.image, asked);
  // What could not be asked is asked again.
  asked.catch(() => byImage.delete(on.image));
  return asked;
}

/** What is tried for that, for a person. */
export const TRIALS: readonly string[] = [
  'tc qdisc replace dev lo root netem delay 1ms',
  'tc qdisc replace dev lo root tbf rate 1mbit burst 8kb latency 9ms',
  'nft, a table with an output hook, one with "queue num 5 bypass", one with an egress hook',
  'iptables-nft and iptables-legacy -t mangle -A OUTPUT -j NFQUEUE --queue-num 5 --queue-bypass',
];

/** Where a kind of fault has no use for them: nothing was tried. */
export const untriedMeans: HostMeans = {
  netem: 'not tried',
  tbf: 'not tried',
  nft: 'not tried',
  nftQueue: 'not tried',
  iptablesNft: 'not tried',
  iptablesLegacy: 'not tried',
  egress: 'not tried',
};
