import { countFds } from '../../linux/process/process-fds.js';
import { parseOpenFileLimit } from '../../linux/process/process-limits.js';
import { familyMemory, parseProcessMemory } from '../../linux/process/process-memory.js';
import { type ProcessStat, parseProcessStat } from '../../linux/process/process-stat.js';
import { familyOf } from '../../linux/process/process-tree.js';
import { tryReadText } from '../../linux/read-text.js';

/** Figures of a service: its process and all below it. */
export interface FamilyReading {
  /** Every one of them, itself first. */
  readonly members: readonly number[];
  /** Names this life of the process for good: a restarted one starts a new count. */
  readonly birth: string;
  /** State letter of the first process. */
  readonly state: string;
  /** Clock ticks used since birth by all of them, the ended ones included. */
  readonly ticks: number;
  /** Descriptors and soft limit of the member that is nearest to its limit. */
  readonly openFds: number | null;
  readonly fdLimit: number | null;
}

/**
 * Reads a process and its children below /proc, without the families of `others`. Undefined when it is gone.
 */
export function readFamily(
  pid: number,
  children: ReadonlyMap<number, readonly number[]>,
  others: ReadonlySet<number>,
  proc = '/proc',
): FamilyReading | undefined {
  const root = readStat(pid, proc);
  if (!root) return undefined;
  const members = familyOf(pid, children, others);
  const stats = members.flatMap((member) => (member === pid ? root : (readStat(member, proc) ?? [])));
  const fds = nearestToLimit(members, proc);
  return {
    members,
    birth: `${root.pid}@${root.startTicks}`,
    state: root.state,
    // A child that ended and was waited for is in its parent's childTicks: the sum goes on growing.
    ticks: stats.reduce((sum, stat) => sum + stat.ticks + stat.childTicks, 0),
    openFds: fds.open,
    fdLimit: fds.limit,
  };
}

/** Resident bytes of a family, what its members share counted once; null when none can be read. */
export function readFamilyMemory(members: readonly number[], proc = '/proc'): number | null {
  const memories = members.flatMap(
    (member) => parseProcessMemory(tryReadText(`${proc}/${member}/status`) ?? '') ?? [],
  );
  return memories.length > 0 ? familyMemory(memories) : null;
}

function readStat(pid: number, proc: string): ProcessStat | undefined {
  return parseProcessStat(tryReadText(`${proc}/${pid}/stat`) ?? '');
}

function nearestToLimit(
  members: readonly number[],
  proc: string,
): { open: number | null; limit: number | null } {
  let worst: { open: number | null; limit: number | null } = { open: null, limit: null };
  let worstShare = -1;
  for (const member of members) {
    const open = countFds(member, proc);
    if (open === null) continue;
    const limit = parseOpenFileLimit(tryReadText(`${proc}/${member}/limits`) ?? '');
    const share = limit ? open / limit : 0;
    if (share <= worstShare) continue;
    worstShare = share;
    worst = { open, limit: limit !== null && Number.isFinite(limit) ? limit : null };
  }
  return worst;
}
