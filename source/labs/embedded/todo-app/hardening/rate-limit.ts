/** 20 requests are 40 queries a second, under the resolver's 50. */
const TOKENS_A_SECOND = 20;
/** A burst of 40 is answered within one give-up time, as behind the bulkhead. */
const BURST = 40;

/** A token bucket: each request takes one, and is turned away when there is none. */
export function createTokenBucket(now: () => number = () => performance.now()): { take(): boolean } {
  let tokens = BURST;
  let at = now();
  return {
    take() {
      const time = now();
      tokens = Math.min(BURST, tokens + ((time - at) / 1_000) * TOKENS_A_SECOND);
      at = time;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
