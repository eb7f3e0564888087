/** What happened, in order. Bounded: the oldest entries fall out. */

export type TimelineKind =
  | 'action'
  | 'fault'
  | 'undo'
  | 'symptom'
  | 'named'
  | 'cleared'
  | 'recovered'
  | 'engine'
  | 'note';

export interface TimelineEntry {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly kind: TimelineKind;
  readonly text: string;
  /** What came of it, where it is known: "50 answered, 70 timed out". */
  readonly result?: string;
}

const LIMIT = 500;

/** The timeline with one entry more, the oldest dropped past 500. */
export function addEntry(timeline: readonly TimelineEntry[], entry: TimelineEntry): readonly TimelineEntry[] {
  return timeline.length >= LIMIT
    ? [...timeline.slice(timeline.length - LIMIT + 1), entry]
    : [...timeline, entry];
}
