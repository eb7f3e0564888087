import { clock } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';
import { type EmitEvent, RUN_PHASES, type RunEvent, type RunResult } from './events.js';

const PHASE_WIDTH = Math.max(...RUN_PHASES.map((phase) => phase.length));

/** Seconds since the start, as a column: `+12.3s`. */
const plusSeconds = (ms: number): string => `+${(ms / 1000).toFixed(1)}s`;

/** An event as a line for a person: `12:04:31    +8.1s  named     The resolver is saturated …`. */
export function eventText(event: RunEvent): string {
  const failed = event.state === 'failed' ? 'FAILED: ' : '';
  // Details of a phase stand below the line that ends it or begins it.
  const inset = event.state === 'progress' ? '  ' : '';
  return [
    clock(event.at),
    plusSeconds(event.t).padStart(8),
    event.phase.padEnd(PHASE_WIDTH),
    `${inset}${failed}${sanitise(event.text, 400)}`,
  ].join('  ');
}

/** Prints events as plain text with timestamps. */
export function textEmitter(print: (line: string) => void): EmitEvent {
  return (event) => print(eventText(event));
}

/** An event as `run --json` prints it: `{t, scenario, phase, …}`. */
export function eventJson(event: RunEvent): object {
  const { t, at, scenario, phase, state, text, detail } = event;
  return { t, scenario, phase, state, at: new Date(at).toISOString(), text, ...detail };
}

/** Prints events as NDJSON. */
export function jsonEmitter(json: (value: unknown) => void): EmitEvent {
  return (event) => json(eventJson(event));
}

/** The last line of `run --json`. */
export function resultJson(result: RunResult): object {
  const { reason, ...contract } = result;
  return reason === null ? contract : { ...contract, reason };
}
