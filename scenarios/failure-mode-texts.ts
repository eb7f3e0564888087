import type { FailureMode } from './failure-mode.js';

/** What is said of a failure mode in words, apart from how it is recognised and caused. */
type FailureTexts = Omit<FailureMode, 'mode' | 'causes' | 'demonstration' | 'story'>;

/** The same as it is written down: rows of tables, whose columns are named here and not in every row. */
type WrittenTexts = Omit<FailureTexts, 'alerts' | 'investigation' | 'confusedWith'> & {
  /** What an alert is called, when it is raised, and how long that has to last. */
  readonly alerts: readonly (readonly [name: string, condition: string, lasting: string])[];
  /** What to look at, the command that shows it, and what it shows when it is this failure. */
  readonly investigation: readonly (readonly [step: string, command: string, expect: string])[];
  /** How it is told apart from the modes it is taken for, by their ids. */
  readonly confusedWith: Readonly<Record<string, string>>;
};

/** What clears a database, or accuses it: by address and not by name, each make by its own client. */
export const ASK_DATABASE =
  'psql -h <address> -U <user> -c "SELECT 1;"   # PostgreSQL; else mysqladmin -h <address> ping, redis-cli -h <address> ping';

/** The texts of a failure mode as everybody reads them. */
export const failureTexts = (written: WrittenTexts): FailureTexts => ({
  ...written,
  alerts: written.alerts.map(([name, condition, lasting]) => ({ name, condition, for: lasting })),
  investigation: written.investigation.map(([step, command, expect]) => ({ step, command, expect })),
  confusedWith: Object.entries(written.confusedWith).map(([id, tellApart]) => ({ id, tellApart })),
});
