import { loadLibc } from '../linux/namespace/libc.js';
import { networksWith } from '../linux/namespace/other-networks.js';
import { listeningIn } from '../probes/datastores/listening.js';
import type { Door } from '../probes/doors/doors.js';

const LOOK_MS = 2_000;
const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::', '*']);

/**
 * Whether somebody is seen to listen at an address of this machine: in its own network (`own`), or in another one that
 * has the address, a container's among them. False where nobody is, or nothing can be seen.
 */
export async function listensAt({ address, port }: Door, own: boolean): Promise<boolean> {
  const signal = AbortSignal.timeout(LOOK_MS);
  try {
    const libc = own ? undefined : await loadLibc();
    const networks: (number | null)[] = libc ? networksWith(libc, address) : [null];
    const looks = networks.map(async (pid) => {
      const all = await listeningIn({ pid, libc, signal });
      return all.some((one) => one.port === port && (one.address === address || ANY.has(one.address)));
    });
    const seen = await Promise.all(looks);
    // Of several that have one address it is not known which was asked.
    return seen.length > 0 && seen.every(Boolean);
  } catch {
    return false;
  }
}
