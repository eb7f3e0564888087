import { isIP } from 'node:net';
import { type Clock, systemClock } from '../../clock.js';
import { NamespaceError } from '../../linux/namespace/namespace-error.js';
import { type NodeSockets, nodeSockets } from '../../linux/namespace/node-sockets.js';
import { type Doors, refusalText } from '../doors/doors.js';
import { findWayIn } from '../inside/means.js';
import type { InsideMeans, InsideSource } from '../inside/sample.js';
import { type Probe, type ProbeContext, Unavailable } from '../probe.js';
import { classifyConnect } from './connect-outcome.js';
import type { EdgeReason } from './edges/reason.js';
import type { Shown } from './edges/shown.js';
import { inParallel } from './in-parallel.js';
import { knock } from './knock.js';
import { KnockBatches, type KnockElsewhere } from './knock-batches.js';
import { RestingWays } from './resting.js';
import type { MatrixCell, MatrixSample, MatrixTarget } from './sample.js';

/** A queue over half full is given so long to get shorter (ms). */
const ROOM_MS = 500;
/** Where another probe waits for an answer for so long, the round does not wait as well (ms). */
const HELD_MS = 500;
/** An attempt without an answer for so long burdens no listener: another may have its turn (ms). */
const UNANSWERED_MS = 200;
/** Waiting for turns adds at most so much to a run (ms). */
const TURNS_MS = 30_000;

type Given<T> = readonly T[] | (() => readonly T[]);

export interface MatrixProbeOptions {
  readonly sources: Given<InsideSource>;
  readonly targets: Given<MatrixTarget>;
  /** How long one attempt may take, ms; 1,500 by default: a lost SYN is sent again after 1 s. */
  readonly patienceMs?: number;
  /** Why a source should reach a target; undefined leaves the pair out. Without it every pair is tried. */
  readonly wanted?: (source: string, target: MatrixTarget) => EdgeReason | undefined;
  /** Attempts under way at once; 32 by default. */
  readonly mostAtOnce?: number;
  /** Cells of one run at most; 1,024 by default. What is left out is said in `missing`. */
  readonly mostCells?: number;
  /**
   * A reason to leave a target alone in this run. A frozen listener accepts nothing, and each attempt stays in its
   * queue: whoever sees a queue that does not drain should say so here.
   */
  readonly spare?: (target: MatrixTarget) => string | undefined;
  /** A way that its own connections show to be open: it is not asked. */
  readonly shown?: (source: string, target: MatrixTarget) => Shown | undefined;
  /** Whether ways that nobody is known to need may rest in some rounds. Without it all are asked in each. */
  readonly mayRest?: () => boolean;
  /** What is known of a target that was not reached, said with what such an end is known to be caused by. */
  readonly about?: (target: MatrixTarget) => string | undefined;
  /** Tries from a source that may not be entered. Without it such pairs are not tried. */
  readonly knockElsewhere?: KnockElsewhere;
  /** What was left out before the probe was asked, one line each. */
  readonly missing?: () => readonly string[];
  readonly intervalMs?: number;
  readonly clock?: Clock;
  /** Turns at each listener, shared with all that connects to it; without them every pair is tried at once. */
  readonly doors?: Doors;
}

/**
 * Connects from every source to every target that it should reach, from inside the source, and says how each attempt
 * ended. An attempt sends no data. Throws Unavailable when there is nothing to try.
 */
export function createMatrixProbe(options: MatrixProbeOptions): Probe<MatrixSample> {
  const { patienceMs = 1_500, mostAtOnce = 32, mostCells = 1_024, clock = systemClock } = options;

  const tryPair = async (
    pair: Pair,
    batches: KnockBatches | undefined,
    signal: AbortSignal,
  ): Promise<MatrixCell> => {
    const { source, target, means, sockets } = pair;
    const { because } = pair;
    const names = { source: source.name, target: target.name, ...(because === undefined ? {} : { because }) };
    const unmeasured = (meaning: string): MatrixCell => {
      return { ...names, outcome: 'unmeasured', errno: null, ms: null, meaning };
    };
    if (!sockets && !batches) return unmeasured(means.reason ?? 'its network cannot be entered');
    if (pair.resting) return pair.resting;
    const closed = closedDoor(target);
    if (closed !== undefined) return unmeasured(closed);
    const shown = options.shown?.(source.name, target);
    if (shown) {
      const meaning = 'its own connections come about there';
      return { ...names, outcome: 'connected', errno: null, ms: shown.ms, meaning, shown: true };
    }
    const turn = sockets && (await options.doors?.enterUnlessHeld(target, ROOM_MS, HELD_MS, signal));
    if (turn && !turn.granted) return unmeasured(refusalText(turn));
    const early = clock.setTimeout(() => turn?.leave(), UNANSWERED_MS);
    try {
      const { errno, ms } = await (sockets
        ? knock(sockets, target, { patienceMs, clock, signal })
        : (batches as KnockBatches).knock(source.name, target));
      const verdict = classifyConnect(errno, patienceMs);
      const known = errno === null ? undefined : options.about?.(target);
      const meaning = known === undefined ? verdict.meaning : `${known}: ${verdict.meaning}`;
      return { ...names, errno, ms, ...verdict, meaning };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NamespaceError || !sockets) return unmeasured((error as Error).message);
      throw error;
    } finally {
      clock.clearTimeout(early);
      turn?.leave();
    }
  };

  /** Why a target is not knocked at. */
  const closedDoor = (target: MatrixTarget): string | undefined =>
    isIP(target.address) && isPort(target.port)
      ? options.spare?.(target)
      : `${target.address} port ${target.port} is no address to connect to`;

  const pairOf = (from: Entered, target: MatrixTarget): Pair[] => {
    if (!options.wanted) return [{ ...from, target, because: undefined, resting: undefined }];
    const because = options.wanted(from.source.name, target);
    return because === undefined ? [] : [{ ...from, target, because, resting: undefined }];
  };
  const resting = new RestingWays();

  return {
    id: 'matrix',
    cost: 'network',
    intervalMs: options.intervalMs ?? 10_000,
    timeoutMs: Math.ceil(mostCells / mostAtOnce) * patienceMs + 2_000 + TURNS_MS,
    async run({ signal }: ProbeContext): Promise<MatrixSample> {
      const sources = given(options.sources);
      const targets = given(options.targets);
      if (sources.length === 0 || targets.length === 0)
        throw new Unavailable('not-configured', `there is no ${sources.length === 0 ? 'source' : 'target'}`);
      const entered = await Promise.all(sources.map(enter));
      const rests = options.mayRest?.() ?? false;
      resting.begin();
      const pairs = entered.flatMap((from, i) =>
        targets.flatMap((target, j) =>
          pairOf(from, target).map((pair): Pair => {
            const names = { source: from.source.name, target: target.name, because: pair.because };
            return { ...pair, resting: rests ? resting.of(names, i, j) : undefined };
          }),
        ),
      );
      const tried = pairs.slice(0, mostCells);
      const doorsOf = (name: string): MatrixTarget[] =>
        tried
          .filter(({ resting }) => resting === undefined)
          .filter(({ source, target }) => source.name === name && closedDoor(target) === undefined)
          .map(({ target }) => target);
      const { knockElsewhere } = options;
      const batches = knockElsewhere && new KnockBatches(knockElsewhere, doorsOf, { patienceMs, signal });
      const cells = await inParallel(tried, mostAtOnce, (pair) => tryPair(pair, batches, signal));
      resting.end(cells);
      return {
        sources: entered.map(({ source: { name, pid }, means }) => ({
          ...{ name, pid },
          means: batches?.worked.has(name) ? { ...means, by: 'toolbox container' } : means,
        })),
        targets,
        cells,
        missing: [
          ...(options.missing?.() ?? []),
          ...(tried.length < pairs.length
            ? [`${pairs.length - tried.length} of ${pairs.length} pairs were not tried: too many for one run`]
            : []),
        ],
      };
    },
  };
}

interface Entered {
  readonly source: InsideSource;
  readonly means: InsideMeans;
  readonly sockets: NodeSockets | undefined;
}

interface Pair extends Entered {
  readonly target: MatrixTarget;
  readonly because: EdgeReason | undefined;
  /** What stands for it in this round, where it is not asked. */
  readonly resting: MatrixCell | undefined;
}

/** A connection needs a socket inside: the files of /proc are no means to that. */
async function enter(source: InsideSource): Promise<Entered> {
  const { means, entry } = await findWayIn(source);
  return entry && source.pid !== null
    ? { source, means, sockets: nodeSockets(entry, source.pid) }
    : { source, means: { ...means, by: 'none' }, sockets: undefined };
}

function given<T>(value: Given<T>): readonly T[] {
  return typeof value === 'function' ? value() : value;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
