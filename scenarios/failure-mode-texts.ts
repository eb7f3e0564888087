import type { FailureMode } from './failure-mode.js';

/** What is said of a failure mode in words, apart from how it is recognised and caused. */
type FailureTexts = Omit<FailureMode, 'mode' | 'causes' | 'notCaused' | 'demonstration' | 'story'>;

/** The same as it is written down: rows of a table, whose columns are named here and not in every row. */
type WrittenTexts = Omit<FailureTexts, 'investigation' | 'confusedWith'> & {
  /** What to look at, the command that shows it, and what it shows when it is this failure. */
  readonly investigation: readonly (readonly [step: string, command: string, expect: string])[];
  /** How it is told apart from the modes it is taken for, by their ids. */
  readonly confusedWith: Readonly<Record<string, string>>;
};

/** The texts of a failure mode as everybody reads them. */
export const failureTexts = (written: WrittenTexts): FailureTexts => ({
  ...written,
  investigation: written.investigation.map(([step, command, expect]) => ({ step, command, expect })),
  confusedWith: Object.entries(written.confusedWith).map(([id, tellApart]) => ({ id, tellApart })),
});
