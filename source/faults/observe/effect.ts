import type { BiteVerdict } from '../desk/fault-desk.js';

export const confirmed = (signal: string): BiteVerdict => ({ verdict: 'Confirmed', signal });
export const mismatch = (signal: string): BiteVerdict => ({ verdict: 'Mismatch', signal });
export const inconclusive = (signal: string): BiteVerdict => ({ verdict: 'Inconclusive', signal });
