import { existsSync, readdirSync } from 'node:fs';
import { tryReadText } from './read-text.js';
import type { LibcKind } from './resolver/candidates.js';

/** PRETTY_NAME of an os-release file (man 5 os-release), or undefined. */
export function prettyName(text: string): string | undefined {
  const match = /^PRETTY_NAME=(?:"([^"\n]*)"|'([^'\n]*)'|(\S+))$/m.exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** Name of the system below `root` (`/`, or `/proc/<pid>/root` for a container), or undefined. */
export function readPrettyName(root = ''): string | undefined {
  const text = tryReadText(`${root}/etc/os-release`) ?? tryReadText(`${root}/usr/lib/os-release`);
  return text === undefined ? undefined : prettyName(text);
}

/**
 * Which C library resolves names below `root`. They differ where it matters: musl asks all servers at once and
 * knows no TCP before 1.2.4. Told by its loader (/lib/ld-musl-*); undefined when neither is found.
 */
export function readLibcKind(root = ''): LibcKind | undefined {
  try {
    if (readdirSync(`${root}/lib`).some((name) => name.startsWith('ld-musl-'))) return 'musl';
  } catch {
    return undefined;
  }
  return existsSync(`${root}/etc/ld.so.cache`) || existsSync(`${root}/lib64`) ? 'glibc' : undefined;
}
