import type { Latest } from '../../source/store/history.js';
import { roughly } from '../../source/terminal/format.js';

/** "stale, 12 s old" of a figure that is no longer renewed, else empty; `now` is wall-clock ms. */
export function ageText(latest: Pick<Latest<unknown>, 'at' | 'stale'> | undefined, now: number): string {
  return latest?.stale ? `stale, ${roughly(now - latest.at)} old` : '';
}

/** The right end of a panel's title: the age of what is stale, and what the panel says of itself. */
export function rightText(latest: Latest<unknown> | undefined, now: number, ...said: string[]): string {
  return [ageText(latest, now), ...said].filter(Boolean).join(' · ');
}
