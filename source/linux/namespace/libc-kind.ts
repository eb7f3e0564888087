import { tryReadText } from '../read-text.js';
import type { LibcKind } from '../resolver/candidates.js';
import type { Libc } from './libc.js';
import { listInside } from './open-inside.js';

/**
 * Which C library a process has mapped, by its /proc/<pid>/maps. Undefined for one that has none: a static program
 * (Go, a small init) brings its own resolver or asks none.
 */
export function libcOfMaps(maps: string): LibcKind | undefined {
  if (/\/(ld-musl-[^/\n]*|libc\.musl-[^/\n]*)$/m.test(maps)) return 'musl';
  return /\/(libc\.so\.6|libc-2\.\d+\.so)( \(deleted\))?$/m.test(maps) ? 'glibc' : undefined;
}

/** What the files of a process without a C library said, with the map it had then: no two processes have the same. */
const told = new Map<number, { readonly maps: string; readonly kind: LibcKind | undefined }>();
const MOST_TOLD = 256;

/**
 * The C library of a process, or else the one that its files would give its children: a container's first process is
 * often a static init. Throws NamespaceError.
 */
export function libcKindOf(libc: Libc, pid: number): LibcKind | undefined {
  const maps = tryReadText(`/proc/${pid}/maps`) ?? '';
  const mapped = libcOfMaps(maps);
  if (mapped) return mapped;
  const before = told.get(pid);
  if (maps !== '' && before?.maps === maps) return before.kind;
  if (told.size >= MOST_TOLD) told.clear();
  const kind = libcOfFiles(libc, pid);
  told.set(pid, { maps, kind });
  return kind;
}

function libcOfFiles(libc: Libc, pid: number): LibcKind | undefined {
  if (listInside(libc, pid, '/lib').some((name) => name.startsWith('ld-musl-'))) return 'musl';
  return listInside(libc, pid, '/etc').includes('ld.so.cache') ? 'glibc' : undefined;
}
