import type Docker from 'dockerode';
import { z } from 'zod';
import { readByProgram } from '../agent/read-by-program.js';
import type { InsideFacts } from './surroundings.js';

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
export async function readInside(
  on: { readonly docker: Docker; readonly image: string },
  target: string,
): Promise<InsideFacts> {
  return insideFacts(await readByProgram(on, 'inside', target, shape));
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
