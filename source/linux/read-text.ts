import { readFileSync } from 'node:fs';

/** Why a kernel file gives nothing: it is not there, or not for us. */
export type ReadFailure = 'missing' | 'denied' | 'failed';

export class ReadError extends Error {
  readonly failure: ReadFailure;
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'error';
    super(`${path}: ${code}`);
    this.name = 'ReadError';
    // A process that ends between open and read answers ESRCH.
    this.failure =
      code === 'ENOENT' || code === 'ESRCH' || code === 'ENOTDIR'
        ? 'missing'
        : code === 'EACCES' || code === 'EPERM'
          ? 'denied'
          : 'failed';
  }
}

/** Text of a small kernel file (procfs, sysctl). Throws ReadError. Synchronous: such a read takes about 0.02 ms. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    throw new ReadError(path, cause);
  }
}

/** As readText, but undefined for whatever reason it cannot be read. */
export function tryReadText(path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    return undefined;
  }
}

/** A sysctl that is one whole number, or null when it is not there, not readable or no number. */
export function tryReadNumber(path: string): number | null {
  const text = tryReadText(path)?.trim();
  return text && /^\d+$/.test(text) ? Number(text) : null;
}
