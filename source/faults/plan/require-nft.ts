import { CannotPlan } from './refusal.js';
import type { Surroundings } from './surroundings.js';

/** Throws CannotPlan with the kernel's words where nftables cannot be used in a network namespace. */
export function requireNft({ means }: Surroundings): void {
  if (means.nft !== null)
    throw new CannotPlan(
      `nftables is not to be had here: ${means.nft} (modprobe nf_tables on Docker's machine)`,
    );
}
