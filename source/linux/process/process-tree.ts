import { readdirSync } from 'node:fs';
import { tryReadText } from '../read-text.js';
import { parseProcessStat } from './process-stat.js';

/** A family larger than this is cut: the figures stay cheap on a host with thousands of workers. */
export const MOST_MEMBERS = 512;

/** Children by parent, of every process that can be seen. One small read a process (0.02 ms). */
export function readChildren(proc = '/proc'): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const stat = parseProcessStat(tryReadText(`${proc}/${name}/stat`) ?? '');
    if (!stat) continue;
    const siblings = children.get(stat.parent);
    if (siblings) siblings.push(stat.pid);
    else children.set(stat.parent, [stat.pid]);
  }
  return children;
}

/**
 * A process and all below it, itself first, at most MOST_MEMBERS. Those in `others` are families of their own and
 * left out with all below them. A table with a circle in it ends too.
 */
export function familyOf(
  root: number,
  children: ReadonlyMap<number, readonly number[]>,
  others: ReadonlySet<number> = new Set(),
): number[] {
  const family = new Set([root]);
  for (const pid of family) {
    for (const child of children.get(pid) ?? [])
      if (family.size < MOST_MEMBERS && !others.has(child)) family.add(child);
  }
  return [...family];
}
