import { readdirSync } from 'node:fs';
import { tryReadText } from '../read-text.js';
import { parseProcessStat } from './process-stat.js';

/** A family larger than this is cut: the figures stay cheap on a host with thousands of workers. */
export const MOST_MEMBERS = 512;

/**
 * Children by parent, of every process that can be seen. One small read a process (0.02 ms), except for those whose
 * parent is in `known` and still there: a process gets another parent only when its own ends. `known` is brought up
 * to date; a number used again by a new process is not noticed, so begin with an empty one now and then.
 */
export function readChildren(
  proc = '/proc',
  known: Map<number, number> = new Map(),
): Map<number, readonly number[]> {
  const names = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  const there = new Set(names.map(Number));
  for (const pid of known.keys()) if (!there.has(pid)) known.delete(pid);
  const children = new Map<number, number[]>();
  for (const pid of there) {
    const before = known.get(pid);
    const parent =
      before !== undefined && there.has(before)
        ? before
        : parseProcessStat(tryReadText(`${proc}/${pid}/stat`) ?? '')?.parent;
    if (parent === undefined) continue;
    known.set(pid, parent);
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
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
