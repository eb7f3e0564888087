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

type ImportKoffi = () => Promise<Pick<typeof import('koffi'), 'default'>>;

let loading: Promise<Libc> | undefined;

/** Loads libc once. Rejects with NamespaceError `unsupported` off Linux and where koffi has no binary that loads. */
export function loadLibc(): Promise<Libc> {
  loading ??= bindLibc().catch((error: unknown) => {
    // Out of descriptors is not for ever: the next one tries again.
    loading = undefined;
    throw error;
  });
  return loading;
}

/** As loadLibc, each time anew. */
export async function bindLibc(
  importKoffi: ImportKoffi = () => import('koffi'),
  platform: NodeJS.Platform = process.platform,
): Promise<Libc> {
  if (platform !== 'linux')
    throw new NamespaceError('unsupported', 'network namespaces are a part of the Linux kernel');
  try {
    const { default: koffi } = await importKoffi();
    // The running program itself has libc's symbols, whichever libc that is.
    const library = koffi.load(null);
    const syscall = library.func(
      'long syscall(long number, int folder, const char *path, void *how, size_t size)',
    );
    return {
      setns: library.func('int setns(int fd, int kind)'),
      socket: library.func('int socket(int family, int type, int protocol)'),
      ioctl: library.func('int ioctl(int fd, unsigned long request, _Inout_ void *argument)'),
      openat2: (folder, path, how, size) => Number(syscall(SYS_OPENAT2, folder, path, how, size)),
      errno: () => koffi.errno(),
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
