import { closeSync, openSync, readSync } from 'node:fs';

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

/**
 * Kernel files say that they are 0 bytes long, and for such a file readFileSync takes a new buffer of 64 KiB: a hundred
 * reads a second of that made Node collect all its memory every two seconds (measured: half of the console's CPU).
 */
const buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Text of a small kernel file (procfs, sysctl). Throws ReadError. Synchronous: such a read takes about 0.01 ms. */
export function readText(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    let text = '';
    // A kernel file may give less than was asked for and still go on: only 0 is its end.
    for (;;) {
      const got = readSync(file, buffer, 0, buffer.length, null);
      if (got === 0) return text;
      text += buffer.toString('latin1', 0, got);
    }
  } catch (cause) {
    throw new ReadError(path, cause);
  } finally {
    if (file !== undefined) closeSync(file);
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
