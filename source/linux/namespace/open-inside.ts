import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { asRoot } from '../as-root.js';
import type { Libc } from './libc.js';
import { errnoName, explainOpen, NamespaceError } from './namespace-error.js';

/** struct open_how of include/uapi/linux/openat2.h: flags, mode, resolve; 8 bytes each. */
const HOW_BYTES = 24;
/** Links are followed as if the folder were /, so that a link in a container cannot point at a file of ours. */
const RESOLVE_IN_ROOT = 0x10;
const RESOLVE_NO_MAGICLINKS = 0x02;
const MOST_BYTES = 64 * 1024;
const MOST_NAMES = 10_000;
/** What is read is text before anything else is read. */
const bytes = Buffer.allocUnsafeSlow(MOST_BYTES);

/**
 * Text of a file as process `pid` sees it, at most 64 KiB. Undefined when there is no such file, or it is no plain
 * file. Throws NamespaceError.
 */
export function readInside(libc: Libc, pid: number, path: string): string | undefined {
  // Non-blocking: a pipe of that name must not hold us up.
  const fd = openInside(libc, pid, path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fd === undefined) return undefined;
  try {
    if (!fstatSync(fd).isFile()) return undefined;
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, MOST_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

/** Names in a folder as process `pid` sees it, at most 10,000; none when there is no such folder. Throws NamespaceError. */
export function listInside(libc: Libc, pid: number, path: string): string[] {
  const fd = openInside(libc, pid, path, constants.O_RDONLY | constants.O_DIRECTORY);
  if (fd === undefined) return [];
  try {
    return readdirSync(`/proc/self/fd/${fd}`).slice(0, MOST_NAMES);
  } finally {
    closeSync(fd);
  }
}

function openInside(libc: Libc, pid: number, path: string, flags: number): number | undefined {
  const root = openRoot(pid);
  try {
    const how = new BigUint64Array([
      BigInt(flags | 0o2000000),
      0n,
      BigInt(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS),
    ]);
    const fd = libc.openat2(root, path, Buffer.from(how.buffer), HOW_BYTES);
    if (fd >= 0) return fd;
    const code = errnoName(libc.errno());
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    if (code === 'ENOSYS')
      throw new NamespaceError('unsupported', `${path} of process ${pid}: that takes Linux 5.6 (openat2)`);
    throw new NamespaceError(
      code === 'EACCES' || code === 'EPERM' ? 'denied' : 'failed',
      `${path} of process ${pid} cannot be opened (${code})`,
      code === 'EACCES' || code === 'EPERM' ? asRoot() : undefined,
    );
  } finally {
    closeSync(root);
  }
}

function openRoot(pid: number): number {
  const path = `/proc/${pid}/root`;
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    throw explainOpen(path, (error as NodeJS.ErrnoException).code ?? 'error');
  }
}
