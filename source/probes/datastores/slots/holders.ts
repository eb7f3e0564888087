import { readdirSync } from 'node:fs';
import { eachSocketInode } from '../../../linux/process/process-fds.js';
import { tryReadText } from '../../../linux/read-text.js';
import type { Established } from '../listening.js';
import type { SlotHolder } from '../sample.js';
import type { Backend } from './backend-title.js';

const SHOWN = 3;
/** Descriptors looked at to find whose connections they are, all processes together (5 µs each). */
const MOST_FDS = 20_000;

/** Who has connections, most first, at most 3: by the server's process titles, else by its sockets. */
export function holdersOf(
  backends: readonly Backend[],
  established: readonly Established[],
  whoIs: (peer: string) => string | null,
): SlotHolder[] {
  const peers = new Map<string, { count: number; details: Map<string, number> }>();
  const add = (peer: string, detail: string | null): void => {
    const one = peers.get(peer) ?? { count: 0, details: new Map<string, number>() };
    one.count++;
    if (detail !== null) one.details.set(detail, (one.details.get(detail) ?? 0) + 1);
    peers.set(peer, one);
  };
  for (const { user, peer, doing } of backends)
    add(peer, `role ${user}${doing === '' ? '' : `, ${doing.slice(0, 40)}`}`);
  if (backends.length === 0) for (const { peer } of established) add(peer, null);
  return [...peers]
    .sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1))
    .slice(0, SHOWN)
    .map(([peer, { count, details }]) => ({
      ...{ peer, count, who: whoIs(peer) },
      detail: [...details].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
    }));
}

/** Which processes of this host have these sockets open, by name, most sockets first; empty where none may be seen. */
export function processesWith(inodes: ReadonlySet<number>, proc = '/proc'): string[] {
  const counts = new Map<string, number>();
  let left = MOST_FDS;
  let found = 0;
  for (const pid of pidsOf(proc)) {
    if (left <= 0 || found >= inodes.size) break;
    let own = 0;
    left -= eachSocketInode(pid, left, (inode) => inodes.has(inode) && own++, proc) ?? 0;
    if (own === 0) continue;
    found += own;
    const name = (tryReadText(`${proc}/${pid}/comm`) ?? '').trim() || `process ${pid}`;
    counts.set(name, (counts.get(name) ?? 0) + own);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/** Youngest first: what came last is asked about most. */
function pidsOf(proc: string): number[] {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  } catch {
    return [];
  }
}
