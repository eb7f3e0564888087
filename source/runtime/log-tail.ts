import type { Engine, EngineLogLine } from '../engines/engine.js';
import { matchFailureText } from '../probes/logs/failure-texts.js';
import type { LogLine } from '../store/state.js';
import { sanitise } from '../terminal/sanitise.js';

/** Lines that the store holds for the logs panel. */
const KEPT = 400;
/** Longest line shown, in characters. */
const LONGEST = 500;

export interface LogTail {
  /** The newest lines, oldest first; the same array while nothing was logged. */
  lines(): readonly LogLine[];
  close(): void;
}

/** Keeps the newest log lines of an engine. Lines cost nothing until a tick asks for them: a flood is bounded by KEPT. */
export function createLogTail(engine: Engine | undefined): LogTail {
  let kept: EngineLogLine[] = [];
  let shown: readonly LogLine[] = [];
  let fresh = false;
  const stop = engine?.onLog((line) => {
    kept.push(line);
    if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    fresh = true;
  });
  return {
    lines() {
      if (fresh) {
        kept = kept.slice(-KEPT);
        shown = kept.map(toShown);
        fresh = false;
      }
      return shown;
    },
    close() {
      stop?.();
    },
  };
}

function toShown(line: EngineLogLine): LogLine {
  return {
    service: line.workload,
    at: line.at,
    stream: line.stream,
    text: sanitise(line.text, LONGEST),
    matched: matchFailureText(line.text) !== undefined,
  };
}
