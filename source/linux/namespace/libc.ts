import { type ImportKoffi, once, openLibc } from '../native-library.js';
import { NamespaceError } from './namespace-error.js';

/** The few calls of libc that Node has none of its own for. Each runs on the calling thread and returns as C does. */
export interface Libc {
  setns(fd: number, kind: number): number;
  socket(family: number, type: number, protocol: number): number;
  ioctl(fd: number, request: number, argument: Buffer): number;
  /** openat2(2) by its number: glibc has no wrapper for it. */
  openat2(folder: number, path: string, how: Buffer, size: number): number;
  /** errno of the call made last. */
  errno(): number;
}

/** The same number on every architecture Node runs on (include/uapi/asm-generic/unistd.h). */
const SYS_OPENAT2 = 437;

/** Loads libc once. Rejects with NamespaceError `unsupported` off Linux and where koffi has no binary that loads. */
export const loadLibc = once(() => bindLibc());

/** As loadLibc, each time anew. */
export async function bindLibc(
  importKoffi?: ImportKoffi,
  platform: NodeJS.Platform = process.platform,
): Promise<Libc> {
  if (platform !== 'linux')
    throw new NamespaceError('unsupported', 'network namespaces are a part of the Linux kernel');
  try {
    const library = await openLibc(importKoffi);
    const syscall = library.func(
      'long syscall(long number, int folder, const char *path, void *how, size_t size)',
    );
    return {
      setns: library.func('int setns(int fd, int kind)'),
      socket: library.func('int socket(int family, int type, int protocol)'),
      ioctl: library.func('int ioctl(int fd, unsigned long request, _Inout_ void *argument)'),
      openat2: (folder, path, how, size) => Number(syscall(SYS_OPENAT2, folder, path, how, size)),
      errno: library.errno,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new NamespaceError(
      'unsupported',
      `koffi has no binary that loads here: ${why}`,
      'npm rebuild koffi',
    );
  }
}
