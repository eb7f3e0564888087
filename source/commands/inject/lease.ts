/** Milliseconds a fault may outlive the program that causes it, at most. */
const LONGEST_MS = 120_000;
/** To check its effect and to roll it back, before it would end by itself (ms). */
const MARGIN_MS = 10_000;

/** After what time a fault ends by itself that is wanted for `forMs`, and whether it has to be renewed until then. */
export function leaseFor(forMs: number): { readonly ttlMs: number; readonly renew: boolean } {
  const whole = forMs + MARGIN_MS;
  return whole > LONGEST_MS ? { ttlMs: LONGEST_MS, renew: true } : { ttlMs: whole, renew: false };
}
