import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { ProbeOutcome } from '../probes/probe.js';
import { safeJson } from '../terminal/safe-json.js';
import { asWrittenToday } from './old-recordings.js';

/** First line of every recording. */
const HEADER = { format: 'faultline-recording', version: 1 } as const;

export interface Recorder {
  take(outcome: ProbeOutcome): void;
  close(): void;
}

/** Writes every probe outcome to a file, one JSON line each, without secrets. Throws when the file cannot be opened. */
export function openRecorder(file: string): Recorder {
  const handle = openSync(file, 'w', 0o600);
  writeSync(handle, `${JSON.stringify(HEADER)}\n`);
  let open = true;
  return {
    take(outcome) {
      if (open) writeSync(handle, `${safeJson(outcome)}\n`);
    },
    close() {
      if (open) closeSync(handle);
      open = false;
    },
  };
}

/** Outcomes of a recording, in order and in today's shape. Throws an Error that names the line when the file is not one. */
export function readRecording(file: string): ProbeOutcome[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line, i) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new Error(`${file}:${i + 1} is not JSON: is this a recording?`);
    }
    if (i === 0) {
      const header = value as Partial<typeof HEADER>;
      if (header.format !== HEADER.format || header.version !== HEADER.version)
        throw new Error(`${file} is not a Faultline recording of version ${HEADER.version}`);
      return [];
    }
    return [asWrittenToday(value as ProbeOutcome)];
  });
}
