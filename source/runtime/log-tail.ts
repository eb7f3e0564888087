import type { Engine, EngineLogLine } from '../engines/engine.js';
import { matchFailureText } from '../probes/logs/failure-texts.js';
import type { LogLine } from '../store/state.js';
import { sanitise } from '../terminal/sanitise.js';

/** Lines that the store holds for the logs panel. */
const KEPT = 1_000;
/** Of one service at most, so that one that floods takes no room of the others. */
const KEPT_OF_ONE = 400;
/** Services whose lines are kept: beyond that the one that was quiet longest is forgotten. */
const MOST_SERVICES = 100;
/** Longest line shown, in characters. */
const LONGEST = 1_000;

export interface LogTail {
  /** The newest lines, oldest first; the same array while nothing was logged. */
  lines(): readonly LogLine[];
  close(): void;
}

interface Kept {
  readonly line: EngineLogLine;
  /** Wall-clock ms of the newest of its repeats, and how many they are. */
  at: number;
  times: number;
  /** Made when it is first looked at. */
  shown: LogLine | undefined;
}

/**
 * Keeps the newest log lines of an engine's services, each repeated line once with its count. A line costs nothing but
 * its place until a tick asks for it, and places are bounded: a flood neither slows nor grows it.
 */
export function createLogTail(engine: Engine | undefined): LogTail {
  const services = new Map<string, Kept[]>();
  let shown: readonly LogLine[] = [];
  let fresh = false;

  const take = (line: EngineLogLine): void => {
    fresh = true;
    const kept = services.get(line.workload) ?? newService(services, line.workload);
    const last = kept.at(-1);
    if (last && !line.skipped && last.line.text === line.text && last.line.stream === line.stream) {
      last.at = line.at;
      last.times += 1;
      last.shown = undefined;
      return;
    }
    kept.push({ line, at: line.at, times: 1, shown: undefined });
    if (kept.length >= 2 * KEPT_OF_ONE) kept.splice(0, kept.length - KEPT_OF_ONE);
  };
  const stop = engine?.onLog(take);

  return {
    lines() {
      if (fresh) shown = newest([...services.values()]).map(toShown);
      fresh = false;
      return shown;
    },
    close() {
      stop?.();
    },
  };
}

function newService(services: Map<string, Kept[]>, name: string): Kept[] {
  if (services.size >= MOST_SERVICES) {
    const lastAt = (kept: Kept[] | undefined) => kept?.at(-1)?.at ?? 0;
    const quietest = [...services.keys()].reduce((a, b) =>
      lastAt(services.get(a)) <= lastAt(services.get(b)) ? a : b,
    );
    services.delete(quietest);
  }
  const kept: Kept[] = [];
  services.set(name, kept);
  return kept;
}

/** The newest lines of all in the order of their time; each service has its fair share before any has more. */
function newest(services: readonly (readonly Kept[])[]): Kept[] {
  const share = Math.floor(KEPT / Math.max(1, services.length));
  const fair = services.flatMap((kept) => kept.slice(-Math.min(share, KEPT_OF_ONE)));
  const byTime = (a: Kept, b: Kept) => a.at - b.at;
  const room = KEPT - fair.length;
  // Where all have more than their share, which is usual, nothing of the rest is looked at.
  if (room <= 0) return fair.sort(byTime);
  const others = services.flatMap((kept) =>
    kept.length > share && share < KEPT_OF_ONE ? kept.slice(-KEPT_OF_ONE, -share || undefined) : [],
  );
  const more = others.sort(byTime).slice(-room);
  return [...fair, ...more].sort(byTime);
}

function toShown(kept: Kept): LogLine {
  if (kept.shown) return kept.shown;
  const { workload, stream, text, skipped } = kept.line;
  kept.shown = {
    service: workload,
    at: kept.at,
    stream,
    text: sanitise(text, LONGEST),
    matched: matchFailureText(text) !== undefined,
    ...(kept.times > 1 ? { times: kept.times } : {}),
    ...(skipped ? { skipped } : {}),
  };
  return kept.shown;
}
