import { type Clock, systemClock } from '../../clock.js';
import type { EngineLogLine } from '../../engines/engine.js';
import { bothEnds } from '../../engines/log-line.js';
import { sanitise } from '../../terminal/sanitise.js';
import type { Probe } from '../probe.js';
import { matchFailureText } from './failure-texts.js';
import { MatchWindow } from './match-window.js';
import type { LogMatch, LogMatchKind, LogsSample } from './sample.js';

/** Seconds that `recent` looks back. */
const WINDOW_SECONDS = 10;
/** Services times kinds kept at most; a host with more loses those that were quiet longest. */
const MOST_MATCHES = 400;
const LINE_CHARACTERS = 300;

interface Tally {
  readonly service: string;
  readonly kind: LogMatchKind;
  readonly window: MatchWindow;
  total: number;
  /** As it came; made safe when the sample is taken, not a thousand times a second. */
  lastText: string;
  lastAt: number;
}

export interface LogsProbeOptions {
  /** Calls back for each new log line until the returned function is called: `(listener) => engine.onLog(listener)`. */
  readonly subscribe: (listener: (line: EngineLogLine) => void) => () => void;
  readonly clock?: Clock;
  readonly intervalMs?: number;
}

/** Folds log lines into counts by service and kind of failure, from the moment it is created. */
export function createLogsProbe(options: LogsProbeOptions): Probe<LogsSample> {
  const clock = options.clock ?? systemClock;
  const tallies = new Map<string, Tally>();

  const fold = (line: EngineLogLine): void => {
    const kind = matchFailureText(line.text);
    if (!kind) return;
    const key = `${kind} ${line.workload}`;
    const tally = tallies.get(key) ?? newTally(line.workload, kind);
    // What is followed from now on begins with what it said before, an hour ago maybe.
    if (clock.wall() - line.at <= WINDOW_SECONDS * 1_000) tally.window.note(clock.now());
    tally.total += 1;
    tally.lastText = bothEnds(line.text, LINE_CHARACTERS);
    tally.lastAt = line.at;
    // Put last: the map's order is then the order of the newest match, and the first key is the quietest.
    tallies.delete(key);
    tallies.set(key, tally);
    const [quietest] = tallies.keys();
    if (tallies.size > MOST_MATCHES && quietest !== undefined) tallies.delete(quietest);
  };
  const unsubscribe = options.subscribe(fold);

  return {
    id: 'logs',
    cost: 'counter',
    intervalMs: options.intervalMs ?? 1_000,
    timeoutMs: 1_000,
    async run(): Promise<LogsSample> {
      const now = clock.now();
      return { matches: [...tallies.values()].map((tally) => matchOf(tally, now)) };
    },
    close: unsubscribe,
  };
}

function newTally(service: string, kind: LogMatchKind): Tally {
  return { service, kind, window: new MatchWindow(WINDOW_SECONDS), total: 0, lastText: '', lastAt: 0 };
}

function matchOf(tally: Tally, now: number): LogMatch {
  return {
    service: tally.service,
    kind: tally.kind,
    recent: tally.window.recent(now),
    total: tally.total,
    lastLine: sanitise(tally.lastText, LINE_CHARACTERS),
    lastAt: tally.lastAt,
  };
}
