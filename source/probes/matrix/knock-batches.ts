import type { Knock } from './knock.js';
import type { Door } from './knock-program.js';

/** Knocks at all doors from inside a container, by a program that is run there. Rejects with why it cannot be. */
export type KnockElsewhere = (
  source: string,
  doors: readonly Door[],
  patience: { readonly patienceMs: number; readonly signal: AbortSignal },
) => Promise<readonly Knock[]>;

/** One run's knocks from sources that cannot be entered: one program a source, whoever asks first. */
export class KnockBatches {
  private readonly batches = new Map<string, Promise<ReadonlyMap<string, Knock>>>();
  /** Sources whose program told what it found. */
  readonly worked = new Set<string>();

  constructor(
    private readonly knockElsewhere: KnockElsewhere,
    private readonly doorsOf: (source: string) => readonly Door[],
    private readonly patience: Parameters<KnockElsewhere>[2],
  ) {}

  /** Rejects with why the program did not run. */
  async knock(source: string, door: Door): Promise<Knock> {
    let batch = this.batches.get(source);
    if (!batch) {
      batch = this.run(source);
      this.batches.set(source, batch);
    }
    const found = (await batch).get(keyOf(door));
    if (!found) throw new Error('more doors than one program knocks at');
    return found;
  }

  private async run(source: string): Promise<ReadonlyMap<string, Knock>> {
    const doors = this.doorsOf(source);
    const knocks = await this.knockElsewhere(source, doors, this.patience);
    this.worked.add(source);
    return new Map(
      knocks.flatMap((knock, i) => {
        const door = doors[i];
        return door ? [[keyOf(door), knock] as const] : [];
      }),
    );
  }
}

const keyOf = ({ address, port }: Door): string => `${address} ${port}`;
