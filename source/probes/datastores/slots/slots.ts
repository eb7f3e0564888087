import { readlinkSync } from 'node:fs';
import type { Libc } from '../../../linux/namespace/libc.js';
import { tryReadText } from '../../../linux/read-text.js';
import type { Candidate } from '../candidates.js';
import type { DatastoreSlots } from '../sample.js';
import { type Backend, parseBackendTitle } from './backend-title.js';
import { mysqlLimits } from './mysql-limits.js';
import { filesOf, type Limits, type ProcessFiles, postgresLimits } from './postgres-limits.js';

/** Configuration is read anew so often (ms). */
const LIMITS_MS = 60_000;
/** Titles read in one look: what is more is not told apart. */
const MOST_BACKENDS = 2_000;

/** Titles of the server's own processes (backend_type of pg_stat_activity). */
const OWN_WORK =
  /^postgres: (?:\S+: )?(?:[a-z]+ ){0,3}(?:writer|walwriter|checkpointer|launcher|worker|collector|archiver|logger|startup|receiver|walsender)/;

const NO_FILES: ProcessFiles = { read: () => null, list: () => [] };

/** Counts what a server's own processes and configuration say of its connection slots; nothing is asked of it. */
export class SlotReader {
  private limits: (Limits & { readonly at: number }) | undefined;
  private backends = new Map<number, Backend>();
  private workers = new Set<number>();
  private life = '';

  /** Null where the server is not a process that we may look at. `clients` are its established connections. */
  read(
    candidate: Candidate,
    clients: number | null,
    libc: Libc | undefined,
    now: number,
  ): DatastoreSlots | null {
    const { process, kind } = candidate;
    if (!process || (kind.kind !== 'postgres' && kind.kind !== 'mysql')) return null;
    const life = `${process.pid} ${process.startTicks}`;
    if (life !== this.life) {
      this.life = life;
      this.limits = undefined;
      this.backends = new Map();
      this.workers = new Set();
    }
    if (this.limits === undefined || now - this.limits.at > LIMITS_MS)
      this.limits = { ...limitsOf(kind.kind, process.pid, libc), at: now };
    const held = kind.kind === 'postgres' ? this.countBackends(process.pid) : clients;
    return held === null ? null : { held, most: this.limits.most, reserved: this.limits.reserved };
  }

  /** As of the last read; what they do is read now. */
  holders(): Backend[] {
    return [...this.backends].map(([pid, known]) => parseBackendTitle(titleOf(pid)) ?? known);
  }

  private countBackends(pid: number): number | null {
    const text = tryReadText(`/proc/${pid}/task/${pid}/children`);
    if (text === undefined) return null;
    const children = new Set(text.split(' ').filter(Boolean).map(Number));
    for (const one of this.backends.keys()) if (!children.has(one)) this.backends.delete(one);
    for (const one of this.workers) if (!children.has(one)) this.workers.delete(one);
    let looked = 0;
    for (const one of children) {
      if (this.backends.has(one) || this.workers.has(one) || looked++ >= MOST_BACKENDS) continue;
      const title = titleOf(one);
      const backend = parseBackendTitle(title);
      if (backend) this.backends.set(one, backend);
      // One that has just begun has no title of its own yet.
      else if (OWN_WORK.test(title)) this.workers.add(one);
    }
    return this.backends.size;
  }
}

function limitsOf(kind: 'postgres' | 'mysql', pid: number, libc: Libc | undefined): Limits {
  const command = (tryReadText(`/proc/${pid}/cmdline`) ?? '').split('\0').filter(Boolean);
  const files = libc ? filesOf(libc, pid) : NO_FILES;
  return kind === 'mysql' ? mysqlLimits(command, files) : postgresLimits(command, folderOf(pid), files);
}

/** A postmaster works in its data directory. */
function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '/';
  }
}

const titleOf = (pid: number): string => tryReadText(`/proc/${pid}/cmdline`) ?? '';
