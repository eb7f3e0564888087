import type { LibraryHandle } from 'koffi';

export type NativeFunction = ReturnType<LibraryHandle['func']>;
export type ImportKoffi = () => Promise<Pick<typeof import('koffi'), 'default'>>;

/** libc as this program has it loaded: functions by their declaration in C. */
export interface NativeLibrary {
  func(declaration: string): NativeFunction;
  /** Where bytes stand in memory, for a structure that points at them. */
  addressOf(bytes: Buffer): bigint;
  /** errno of the call made last. */
  errno(): number;
}

/** The one way to libc. Rejects where koffi has no binary that loads. */
export async function openLibc(importKoffi: ImportKoffi = () => import('koffi')): Promise<NativeLibrary> {
  const { default: koffi } = await importKoffi();
  // The running program itself has libc's symbols, whichever libc that is.
  const library = koffi.load(null);
  return {
    func: (declaration) => library.func(declaration),
    addressOf: (bytes) => koffi.address(bytes),
    errno: () => koffi.errno(),
  };
}

/** Loads once what can be loaded. A failure is not kept (descriptors that have run out): the next caller tries again. */
export function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
