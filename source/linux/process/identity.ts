import { readdirSync } from 'node:fs';
import { execaSync } from 'execa';
import { tryReadText } from '../read-text.js';
import { type ProcessStat, parseProcessStat } from './process-stat.js';

/** One process and no other: a pid is used again, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process of the same boot. Empty where it cannot be read. */
  readonly startTime: string;
}

function readStat(pid: number | string): ProcessStat | undefined {
  const text = tryReadText(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseProcessStat(text);
}

const hasProc = readStat('self') !== undefined;

/** Ticks start again at every boot, so the boot is part of the identity. */
const boot = tryReadText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

function ps(args: readonly string[]): string {
  const { stdout } = execaSync('ps', args, { reject: false, timeout: 2_000, env: { LC_ALL: 'C' } });
  return stdout.trim();
}

/** Start time of a live process, or null when there is none; a zombie is not alive. Reads /proc, else asks `ps`. */
export function startTimeOf(pid: number): string | null {
  if (hasProc) {
    const stat = readStat(pid);
    return stat === undefined || stat.state === 'Z' || stat.state === 'X'
      ? null
      : `${stat.startTicks}@${boot}`;
  }
  const line = ps(['-o', 'state=,lstart=', '-p', String(pid)]);
  return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
}

/** Identity of a live process; its start time is empty when it has already gone. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) ?? '' };
}

/** Whether this very process still runs. One whose start time was never read is taken for gone, never for another. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.startTime !== '' && startTimeOf(identity.pid) === identity.startTime;
}

/** Sends a signal to this very process; false when it is gone. Throws when it may not be signalled (EPERM). */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Whether a live process is stopped by a signal (state T of /proc); null where that cannot be read. */
export function isStopped(pid: number): boolean | null {
  const stat = hasProc ? readStat(pid) : undefined;
  return stat === undefined ? null : stat.state === 'T';
}

function parents(): Map<number, number> {
  const found = new Map<number, number>();
  if (hasProc) {
    for (const name of readdirSync('/proc')) {
      const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
      if (stat !== undefined) found.set(Number(name), stat.parent);
    }
    return found;
  }
  for (const line of ps(['-axo', 'pid=,ppid=']).split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent !== undefined) found.set(pid, parent);
  }
  return found;
}

/** All descendants of a process, nearest first. A session of its own (PostgreSQL's backends) does not hide one. */
export function descendantsOf(pid: number): readonly ProcessIdentity[] {
  const tree = parents();
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of tree) if (parent === member && !family.includes(child)) family.push(child);
  }
  return family.slice(1).map(identityOf);
}
