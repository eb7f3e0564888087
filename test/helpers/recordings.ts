import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import type { DnsSample, HttpSample, PostgresSample } from '../../source/probes/samples.js';
import { readRecording } from '../../source/store/recording.js';

const FOLDER = new URL('../diagnosis/recordings/', import.meta.url);

/** The text of a recording of a real run: `run <id> --record FILE`, gzipped. */
export const recordedText = (name: string, from = FOLDER): string =>
  gunzipSync(readFileSync(new URL(`${name}.ndjson.gz`, from))).toString('utf8');

/** Its outcomes, read as any recording is read. */
export function recorded(name: string, from = FOLDER): ProbeOutcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-recording-'));
  try {
    const file = join(folder, `${name}.ndjson`);
    writeFileSync(file, recordedText(name, from));
    return readRecording(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Wall-clock ms of the first outcome that is a symptom to anybody: a page, the database or a lookup that fails. */
export function firstSymptom(outcomes: readonly ProbeOutcome[]): number | undefined {
  return outcomes.find((outcome) => {
    if (!outcome.ok) return false;
    if (outcome.id.startsWith('http:')) return !(outcome.sample as HttpSample).ok;
    if (outcome.id === 'postgres') return (outcome.sample as PostgresSample).failure !== null;
    return outcome.id === 'dns' && (outcome.sample as DnsSample).names.some((name) => !name.resolved);
  })?.at;
}
