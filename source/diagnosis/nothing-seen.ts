import type { Assessment } from './signature.js';

/**
 * What a signature says when there is nothing to judge now: it raises nothing, and `clear` tells whether what it named
 * before is over.
 */
export const nothingSeen = (
  said: Pick<Assessment, 'target' | 'title' | 'severity' | 'base' | 'clear'>,
): Assessment => ({
  ...said,
  raise: false,
  evidence: [],
  ruledOut: [],
  fix: [],
  story: [],
  since: null,
});
