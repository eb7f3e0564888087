import { closeSync, openSync, readlinkSync, writeSync } from 'node:fs';
import type { Libc } from './libc.js';
import { explainEnter, explainOpen, NamespaceError } from './namespace-error.js';

/** include/uapi/linux/sched.h */
const CLONE_NEWNET = 0x40000000;
/** EX_SOFTWARE of sysexits.h. */
const LOST = 70;

/** Of the thread, not of the process: setns() moves one thread and leaves the others where they are. */
const HERE = '/proc/thread-self/ns/net';

/**
 * Which network a process is in, as the kernel names it: `net:[4026531840]`. Two processes of the same name share
 * one. Throws NamespaceError.
 */
export function networkOf(pid: number | 'thread-self'): string {
  const path = `/proc/${pid}/ns/net`;
  try {
    return readlinkSync(path);
  } catch (error) {
    throw explainOpen(path, codeOf(error));
  }
}

/** The same; undefined where it is not ours to know, or the process is gone. */
export function tryNetworkOf(pid: number | 'thread-self'): string | undefined {
  try {
    return networkOf(pid);
  } catch {
    return undefined;
  }
}

/**
 * Runs `action` with the calling thread in the network namespace of process `pid`, and returns what it returns
 * (0.03 ms around it). Sockets made meanwhile belong to that namespace for good, and /proc/sys/net is that
 * namespace's. `action` runs to its end before anything else of this thread, so it must be short and must not be
 * async: what it waits for would run outside. Throws NamespaceError, and what `action` throws.
 *
 * Should the way back ever fail the process ends itself: every later socket, those that undo a fault included,
 * would be another machine's.
 */
export function insideNetwork<T>(
  libc: Libc,
  pid: number,
  action: () => T extends PromiseLike<unknown> ? never : T,
): T {
  const target = openNamespace(`/proc/${pid}/ns/net`);
  try {
    home ??= { name: networkOf('thread-self'), fd: openNamespace(HERE) };
    // An own network needs no entering, and then no right to enter it either.
    if (home.name === networkOf(pid)) return action();
    if (libc.setns(target, CLONE_NEWNET) !== 0) throw explainEnter(pid, libc.errno());
    try {
      return action();
    } finally {
      if (libc.setns(home.fd, CLONE_NEWNET) !== 0) endLost(pid);
    }
  } finally {
    closeSync(target);
  }
}

/**
 * The network that we live in, held open from the first time on: nothing but this file moves the thread, and it always
 * goes back. A thread has a copy of its own of this file.
 */
let home: { readonly fd: number; readonly name: string } | undefined;

function openNamespace(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (path === HERE && codeOf(error) === 'ENOENT')
      throw new NamespaceError('unsupported', `this system has no ${HERE}`);
    throw explainOpen(path, codeOf(error));
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? 'error';
}

/** Ends the process: by its exit listeners, which put the terminal right, and if those will not, by force. */
function endLost(pid: number): never {
  try {
    writeSync(
      2,
      `faultline: no way back from the network of process ${pid}; ending before anything is done there\n`,
    );
    process.exit(LOST);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}
