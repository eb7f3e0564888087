/** What was typed is wrong: one line that names it and the nearest right thing. Ends the program with 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
