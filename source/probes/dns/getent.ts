import { execa } from 'execa';
import type { Clock } from '../../clock.js';
import { noteChildLooksUp } from './own-questions.js';

/**
 * What the host's own C library gives for a name, all its sources included (`getent ahosts`): the last word on whether
 * an application can resolve it. A child, because getaddrinfo inside would hold one of four threads for as long as a
 * dead resolver takes. Undefined where there is no getent, it took longer than `timeoutMs`, or it gives nothing.
 */
export async function askGetent(
  name: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  if (name.startsWith('-') || timeoutMs < 1) return undefined;
  const done = noteChildLooksUp(name);
  const { failed, stdout } = await execa('getent', ['ahosts', name], {
    timeout: Math.floor(timeoutMs),
    cancelSignal: signal,
    reject: false,
    stdin: 'ignore',
    stderr: 'ignore',
    maxBuffer: 65_536,
  });
  done();
  if (failed) return undefined;
  const addresses = stdout.split('\n').flatMap((line) => line.split(/\s/, 1)[0] || []);
  return addresses.length > 0 ? [...new Set(addresses)] : undefined;
}

/** A name that is missing stays so for a while (ms): a child a name and this long is no load. */
const ASKED_AGAIN_MS = 10_000;
/** A name that is denied is denied at once; longer than this it is not waited for (ms). */
const PATIENCE_MS = 1_500;

/** Asks the host's C library about names that its servers deny, each now and then. */
export class Getent {
  private readonly told = new Map<
    string,
    { readonly at: number; readonly addresses: string[] | undefined }
  >();

  constructor(private readonly clock: Clock) {}

  /** Addresses of a name, or undefined where it has none. Never rejects but with the signal's reason. */
  async ask(name: string, signal: AbortSignal): Promise<string[] | undefined> {
    const before = this.told.get(name);
    if (before && this.clock.now() - before.at < ASKED_AGAIN_MS) return before.addresses;
    const addresses = await askGetent(name, PATIENCE_MS, signal);
    signal.throwIfAborted();
    this.told.set(name, { at: this.clock.now(), addresses });
    return addresses;
  }
}
