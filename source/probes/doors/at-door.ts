import { type Probe, Unavailable } from '../probe.js';
import { type Door, type Doors, type Refusal, refusalText } from './doors.js';

/** How long the turns of other probes at one listener are waited for (ms): theirs end within their own deadlines. */
const WAIT_MS = 20_000;

/** As long as the questions themselves may take (ms). */
const SERVER_MS = 2_000;

export interface AtDoor<Sample> {
  /** Where it connects to, from what it last found; undefined where it connects to nobody. */
  readonly door: (last: Sample | undefined) => Door | undefined;
  /** How long a queue over half full is watched (ms). */
  readonly patienceMs: number;
  /** What is to be said of a listener that took nobody meanwhile; absent: that there is no figure. */
  readonly stuck?: (refusal: Refusal, door: Door) => Sample;
  /** What else is found out about what came of it. */
  readonly after?: (sample: Sample, doors: Pick<Doors, 'isListenedAt'>) => Promise<Sample>;
}

/**
 * A probe that connects only when it is its turn at its listener and that has room: Unavailable where it has none and
 * takes connections all the same.
 */
export function atDoor<Sample>(probe: Probe<Sample>, doors: Doors, at: AtDoor<Sample>): Probe<Sample> {
  let last: Sample | undefined;
  return {
    ...probe,
    // Both may change from run to run: by what a target answered, and how long it took.
    get intervalMs() {
      return probe.intervalMs;
    },
    get timeoutMs() {
      return probe.timeoutMs + at.patienceMs + WAIT_MS;
    },
    async run(context) {
      const door = at.door(last);
      const turn = door && (await doors.enter(door, at.patienceMs, context.signal));
      if (turn && !turn.granted) {
        if (!turn.drains && at.stuck) return at.stuck(turn, door);
        throw new Unavailable('failed', `not asked: ${refusalText(turn)}`);
      }
      try {
        const sample = await probe.run(context);
        last = at.after ? await at.after(sample, doors) : sample;
        return last;
      } finally {
        turn?.leave();
      }
    },
  };
}

/** Of a server at an address of its own, which is given a moment to have room. */
export const serverDoor = ({ host, port }: { readonly host: string; readonly port: number }) => ({
  door: () => ({ address: host, port }),
  patienceMs: SERVER_MS,
});
