/** How one way back ended: `left` is residue, and its entry stays in the journal. */
export type UndoOutcome = 'undone' | 'target gone' | 'left';

export interface Settled {
  readonly outcome: UndoOutcome;
  /** What was done, or why it is left and what would end it. */
  readonly detail: string;
  /** What differs from before although everything was undone; somebody else changed it, or it failed. */
  readonly residue?: readonly string[];
}
