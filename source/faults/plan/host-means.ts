import type Docker from 'dockerode';
import { z } from 'zod';
import { programCommand } from '../agent/programs.js';
import { lookThrough, type Toolbox } from '../agent/toolbox.js';

/** Found by trying it in a network namespace that is thrown away: null where it works, else what the kernel said. */
type Trial = string | null;

/** What this daemon's machine can do in a network namespace, with the toolbox's programs. */
export interface HostMeans {
  readonly netem: Trial;
  readonly tbf: Trial;
  readonly nft: Trial;
  /** `queue` of nftables itself. */
  readonly nftQueue: Trial;
  /** NFQUEUE as a target of iptables. */
  readonly iptablesNft: Trial;
  readonly iptablesLegacy: Trial;
  /** The egress hook of nftables (Linux 5.16): what is dropped there looks sent to its sender. */
  readonly egress: Trial;
}

/** Milliseconds for all trials: a busy daemon takes its time to start a container. */
const TRIALS_MS = 60_000;

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
export function readMeans(on: Toolbox): Promise<HostMeans> {
  const byImage = known.get(on.docker) ?? new Map<string, Promise<HostMeans>>();
  known.set(on.docker, byImage);
  const look = { target: null, command: programCommand('means'), ms: TRIALS_MS, shape };
  const asked = byImage.get(on.image) ?? lookThrough(on, look);
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
