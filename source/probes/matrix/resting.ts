import type { EdgeReason } from './edges/reason.js';
import type { MatrixCell } from './sample.js';

/** A way that rests is asked in one round of so many, so that every source and every target has a part in each. */
const ROUNDS = 3;
/** Who took longer (ms) is asked in every round: between two containers of one machine a connection takes under 1 ms. */
const QUICK_MS = 10;

/**
 * Lets ways that nobody is known to need rest for two rounds of three while everything connects, and quickly: each is a
 * connection that a server has to take up. What was found of them last stands meanwhile.
 */
export class RestingWays {
  private round = -1;
  private last = new Map<string, MatrixCell>();
  private allConnect = false;

  begin(): void {
    this.round++;
  }

  /** What stands for the way from the `from`-th source to the `to`-th target in this round; undefined: it has to be asked. */
  of(
    { source, target, because }: { source: string; target: string; because: EdgeReason | undefined },
    from: number,
    to: number,
  ): MatrixCell | undefined {
    if (because !== 'shared-network' || !this.allConnect || (this.round + from + to) % ROUNDS === 0)
      return undefined;
    const last = this.last.get(keyOf({ source, target }));
    if (last?.outcome !== 'connected' || last.ms === null || last.ms > QUICK_MS) return undefined;
    const meaning = 'it connects; nobody is known to need it, and it is asked in one round of three';
    return { ...last, meaning, rests: true };
  }

  /** Takes in what a round has found. */
  end(cells: readonly MatrixCell[]): void {
    this.allConnect = cells.every(({ outcome }) => outcome === 'connected' || outcome === 'unmeasured');
    this.last = new Map(cells.map((cell) => [keyOf(cell), cell]));
  }
}

const keyOf = ({ source, target }: { source: string; target: string }): string => `${source}\n${target}`;
