/** Worker slots as the application was deployed: more than the resolver can keep served within one give-up time. */
const OPEN_SLOTS = 64;
/**
 * Slots behind the bulkhead. 40 requests ask 80 queries at once; 50 a second are served, so all are answered within
 * one give-up time and no retry piles up (Metastable demo, condition iii).
 */
const BULKHEAD_SLOTS = 40;

export function slotLimit(bulkhead: boolean): number {
  return bulkhead ? BULKHEAD_SLOTS : OPEN_SLOTS;
}
