import { closeSync, constants, openSync, readSync } from 'node:fs';

/** A kill for the limit of a control group, as the kernel logged it. */
export interface LoggedOomKill {
  /** Path of the group of whoever was killed. */
  readonly group: string;
  /** Milliseconds since the kernel began. */
  readonly sinceBootMs: number;
}

/** `priority,sequence,microseconds,flags;text` of /dev/kmsg, of the kernel itself (facility 0); the text is of mm/oom_kill.c, dump_oom_summary. */
const OOM_KILL = /^[0-7],\d+,(\d{1,17}),[^;]*;oom-kill:constraint=CONSTRAINT_MEMCG,.*?task_memcg=([^,\n]+),/;

/** Reads one record of /dev/kmsg; undefined for all that is no kill for memory within a control group. */
export function parseOomKill(record: string): LoggedOomKill | undefined {
  const [, microseconds, group] = OOM_KILL.exec(record) ?? [];
  if (microseconds === undefined || group === undefined) return undefined;
  return { group, sinceBootMs: Number(microseconds) / 1_000 };
}

/** Longest record of the kernel (CONSOLE_EXT_LOG_MAX), and how many are read at most: a full log of 1 MiB has fewer. */
const MOST_BYTES = 8_192;
const MOST_RECORDS = 20_000;

/**
 * The kills for memory that are still in the kernel's log, oldest first; empty where it may not be read. Takes some
 * milliseconds: to be asked when something ended, not in each look.
 */
export function loggedOomKills(path = '/dev/kmsg'): LoggedOomKill[] {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  const found: LoggedOomKill[] = [];
  const into = Buffer.alloc(MOST_BYTES);
  try {
    for (let i = 0; i < MOST_RECORDS; i++) {
      const length = readRecord(fd, into);
      if (length === 0) break;
      const kill = parseOomKill(into.toString('latin1', 0, length));
      if (kill) found.push(kill);
    }
  } finally {
    closeSync(fd);
  }
  return found;
}

/** Bytes of the next record; 0 at the end. */
function readRecord(fd: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, into);
    } catch (error) {
      // Overwritten while it was read: the next one is there.
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') return 0;
    }
  }
}
