import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { tryReadText } from '../read-text.js';
import { unitOf } from '../systemd/unit-of.js';
import { eachSocketInode } from './process-fds.js';

/** A process as a person looks for it. */
export interface NamedProcess {
  readonly pid: number;
  /** Its program, with the script that an interpreter runs: `nginx`, `python3 app.py`. */
  readonly name: string;
  /** The systemd service that it belongs to; absent where it belongs to none. */
  readonly unit?: string;
}

/** A process as a person looks for it, with the service it belongs to. */
export function namedProcess(pid: number, proc = '/proc'): NamedProcess {
  const unit = unitOf(pid, proc);
  return { pid, name: nameOfProcess(pid, proc), ...(unit === undefined ? {} : { unit }) };
}

/**
 * The process that holds each of these sockets, by inode; of several that share one (a server and its workers) that of
 * the lowest number. Looks at `most` descriptors at most (5 µs each); what it does not find is left out: not there, or
 * another user's.
 */
export function socketHolders(
  inodes: ReadonlySet<number>,
  most: number,
  proc = '/proc',
): Map<number, NamedProcess> {
  const found = new Map<number, NamedProcess>();
  let left = most;
  for (const pid of pidsOf(proc)) {
    if (left <= 0 || found.size === inodes.size) break;
    const held: number[] = [];
    const looked = eachSocketInode(
      pid,
      left,
      (inode) => {
        if (inodes.has(inode) && !found.has(inode)) held.push(inode);
      },
      proc,
    );
    left -= looked ?? 0;
    if (held.length === 0) continue;
    const named = namedProcess(pid, proc);
    for (const inode of held) found.set(inode, named);
  }
  return found;
}

/**
 * All processes that hold each of these sockets, by inode, the lowest number first: a server and the workers that share
 * its listener. Looks at `most` descriptors at most; what is not found is left out.
 */
export function holdersOf(
  inodes: ReadonlySet<number>,
  most: number,
  proc = '/proc',
): Map<number, readonly number[]> {
  const found = new Map<number, number[]>();
  let left = most;
  for (const pid of pidsOf(proc)) {
    if (left <= 0) break;
    const held = new Set<number>();
    const looked = eachSocketInode(pid, left, (inode) => inodes.has(inode) && held.add(inode), proc);
    left -= looked ?? 0;
    for (const inode of held) found.set(inode, [...(found.get(inode) ?? []), pid]);
  }
  return found;
}

/** Programs whose own name says nothing. */
const INTERPRETER = /^(python|node|ruby|perl|php|java|bash|sh|deno|bun)[\d.]*$/;

/** A process as a person looks for it: `nginx`, `python3 app.py`. */
export function nameOfProcess(pid: number, proc = '/proc'): string {
  const [command = '', first = ''] = (tryReadText(`${proc}/${pid}/cmdline`) ?? '').split('\0');
  // A title that a program gave itself: `nginx: master process`.
  const program = basename(command.split(/[: ]/)[0] ?? '');
  if (program === '') return tryReadText(`${proc}/${pid}/comm`)?.trim() || 'a process';
  return INTERPRETER.test(program) && /^[^-]/.test(first) ? `${program} ${basename(first)}` : program;
}

/** It holds every socket by which it starts a service: who was started comes before it. */
const INIT = 1;

const pidsOf = (proc: string): number[] =>
  readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => Number(a === INIT) - Number(b === INIT) || a - b);
