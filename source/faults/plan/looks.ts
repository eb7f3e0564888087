import type Docker from 'dockerode';
import { z } from 'zod';
import { programCommand } from '../agent/programs.js';
import { lookThrough, type Toolbox } from '../agent/toolbox.js';
import type { TargetIdentity } from '../fault-plan.js';

/** Milliseconds for a look: a busy daemon takes its time to start a container. */
const LOOK_MS = 60_000;

/** Found by trying it in a network namespace that is thrown away: null where it works, else what the kernel said. */
const trial = z.string().nullable();
const meansShape = z.object({
  netem: trial,
  tbf: trial,
  nft: trial,
  /** `queue` of nftables itself. */
  nftQueue: trial,
  /** NFQUEUE as a target of iptables. */
  iptablesNft: trial,
  iptablesLegacy: trial,
  /** The egress hook of nftables (Linux 5.16): what is dropped there looks sent to its sender. */
  egress: trial,
});

/** What this daemon's machine can do in a network namespace, with the toolbox's programs. */
export type HostMeans = Readonly<z.infer<typeof meansShape>>;

/** Where a kind of fault has no use for them: nothing was tried. */
export const untriedMeans = Object.fromEntries(
  meansShape.keyof().options.map((name) => [name, 'not tried']),
) as HostMeans;

/** One answer a daemon and image: its machine's kernel stays what it is while this program runs. */
const known = new WeakMap<Docker, Map<string, Promise<HostMeans>>>();

/** What the daemon's machine can do, found by trying it in a network that is thrown away. */
export function readMeans(on: Toolbox): Promise<HostMeans> {
  const byImage = known.get(on.docker) ?? new Map<string, Promise<HostMeans>>();
  known.set(on.docker, byImage);
  const look = { target: null, command: programCommand('means'), ms: LOOK_MS, shape: meansShape };
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

export interface LinkFacts {
  readonly name: string;
  /** Packets; 0 where none is set, as on Docker's own links. */
  readonly queueLength: number;
  /** `noqueue` where nothing was ever set up. */
  readonly rootQdisc: string;
  /** `0:` where the kernel put it there itself. */
  readonly rootHandle: string;
}

export interface ProcessFacts {
  /** In the target's own process namespace. */
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly gid: number;
  /** Soft and hard limit of open files; null is unlimited. */
  readonly openFiles: { readonly soft: number | null; readonly hard: number | null };
  readonly oomScoreAdj: number;
}

/** What a container of ours found in the target's network and process namespaces. */
export interface InsideFacts {
  /** All but the loopback. */
  readonly links: readonly LinkFacts[];
  /** `ip mangle`, `ip mangle OUTPUT`: tables and chains of nftables that are there. */
  readonly chains: readonly string[];
  readonly processes: readonly ProcessFacts[];
}

const limit = z.int().nullable();
const insideShape = z.object({
  links: z.array(z.object({ ifname: z.string(), flags: z.array(z.string()), txqlen: z.int().optional() })),
  qdiscs: z
    .array(z.object({ dev: z.string(), kind: z.string(), handle: z.string(), root: z.boolean().optional() }))
    .nullable(),
  chains: z.object({ nftables: z.array(z.record(z.string(), z.unknown())) }).nullable(),
  processes: z.array(
    z.object({
      pid: z.int(),
      parent: z.int(),
      uid: z.int(),
      gid: z.int(),
      openFiles: z.object({ soft: limit, hard: limit }),
      oomScoreAdj: z.int(),
    }),
  ),
});
const chain = z.object({ family: z.string(), table: z.string(), name: z.string() });

/** What is read for that, for a person. */
export const INSIDE_READS: readonly string[] = [
  'ip -j link show',
  'tc -j qdisc show',
  'nft -j list chains',
  '/proc/<pid>/status, limits and oom_score_adj of its processes',
];

/** What is inside a target's namespaces, through a container of the toolbox that joins them for a moment. */
export async function readInside(on: Toolbox, target: TargetIdentity): Promise<InsideFacts> {
  const command = programCommand('inside');
  return insideFacts(await lookThrough(on, { target, command, ms: LOOK_MS, shape: insideShape }));
}

/** Pure: what the programs said, as facts. */
export function insideFacts({ links, qdiscs, chains, processes }: z.infer<typeof insideShape>): InsideFacts {
  const found = (chains?.nftables ?? []).flatMap((object) => {
    const parsed = chain.safeParse(object.chain);
    return parsed.success ? [parsed.data] : [];
  });
  return {
    links: links
      .filter(({ flags }) => !flags.includes('LOOPBACK'))
      .map(({ ifname, txqlen }) => {
        const root = (qdiscs ?? []).find((qdisc) => qdisc.dev === ifname && qdisc.root);
        return {
          name: ifname,
          queueLength: txqlen ?? 0,
          rootQdisc: root?.kind ?? 'noqueue',
          rootHandle: root?.handle ?? '0:',
        };
      }),
    chains: [
      ...new Set(
        found.flatMap(({ family, table, name }) => [`${family} ${table}`, `${family} ${table} ${name}`]),
      ),
    ],
    processes,
  };
}
