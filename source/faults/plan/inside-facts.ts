import { z } from 'zod';
import { programCommand } from '../agent/programs.js';
import { lookThrough, type Toolbox } from '../agent/toolbox.js';
import type { TargetIdentity } from '../fault-plan.js';

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

/** Milliseconds for the look: a busy daemon takes its time to start a container. */
const LOOK_MS = 60_000;
const limit = z.int().nullable();
const shape = z.object({
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
  return insideFacts(await lookThrough(on, { target, command, ms: LOOK_MS, shape }));
}

/** Pure: what the programs said, as facts. */
export function insideFacts({ links, qdiscs, chains, processes }: z.infer<typeof shape>): InsideFacts {
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
