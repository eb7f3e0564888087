/** What the embedded lab's services count about themselves. Times are milliseconds. */

/** Counters that the lab's own services offer about themselves. Shown, never needed by a rule. */
export interface LabSample {
  readonly resolver: {
    readonly served: number;
    readonly dropped: number;
    readonly queue: number;
    readonly queueMax: number;
  } | null;
  readonly app: { readonly inFlight: number; readonly waiting: number; readonly slots: number } | null;
  readonly visitors: { readonly sent: number; readonly ok: number; readonly failed: number } | null;
}
