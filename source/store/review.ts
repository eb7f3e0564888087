/** What the history says to one question of an incident review. */
export interface ReviewAnswer {
  /** `retries`, `pool` … */
  readonly id: string;
  /** As a person asks it. */
  readonly question: string;
  /** `cannot tell` where the figure that would say it was not read. */
  readonly answer: 'yes' | 'no' | 'cannot tell';
  /** The figure, or what is missing. */
  readonly because: string;
}
