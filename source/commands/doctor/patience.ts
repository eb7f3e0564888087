/** All that doctor asks of a daemon together is waited for as long as this (ms): a person wants an answer in 5 s. */
const PATIENCE_MS = 3_500;

/** One time that runs for several questions, whichever is asked first. */
export class Patience {
  readonly #late: Promise<null>;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly ms = PATIENCE_MS) {
    this.#late = new Promise((resolve) => {
      this.#timer = setTimeout(() => resolve(null), ms);
    });
  }

  /** What it comes to, or null when time is up. */
  orNull<Told>(work: Promise<Told>): Promise<Told | null> {
    return Promise.race([work, this.#late]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
