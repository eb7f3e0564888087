import type { ProbeOutcome } from '../../probes/probe.js';
import { type SourceId, sources } from '../../probes/registry.js';
import type { Source } from '../../probes/source.js';
import { clock } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';
import { indent, table } from '../text/table.js';
import type { SourceRow } from './list.js';
import { written } from './options.js';
import { valueLines } from './value.js';

export const PROBE_SCHEMA = 'faultline.probe/1';

const sourceOf = (outcome: ProbeOutcome): Source<unknown> => sources[outcome.id as SourceId];

/** A sample as a person reads it; where there is none, why, and what would grant it. */
export function sampleText(outcome: ProbeOutcome): string {
  const { title, oneSampleLacks } = sourceOf(outcome);
  const took = `${outcome.tookMs.toFixed(1)} ms`;
  if (!outcome.ok) {
    const mend = outcome.mend === undefined ? '' : `\n  $ ${sanitise(outcome.mend)}`;
    return `${outcome.id} cannot be read here: ${sanitise(outcome.reason)}${mend}`;
  }
  return [
    `${title} (${outcome.id}) at ${clock(outcome.at)}, read in ${took}`,
    '',
    ...valueLines(outcome.sample),
    ...(oneSampleLacks === undefined ? [] : ['', `One sample does not tell ${oneSampleLacks}.`]),
  ].join('\n');
}

/** The same as `--json` prints it. */
export function sampleJson(outcome: ProbeOutcome) {
  const { id, ok, tookMs } = outcome;
  const { oneSampleLacks } = sourceOf(outcome);
  return {
    schema: PROBE_SCHEMA,
    id,
    at: new Date(outcome.at).toISOString(),
    tookMs,
    ok,
    ...(outcome.ok
      ? { sample: outcome.sample, ...(oneSampleLacks === undefined ? {} : { lacks: oneSampleLacks }) }
      : { reason: outcome.reason, mend: outcome.mend ?? null }),
  };
}

/** The sources, one a line, and below them why some cannot be read here. */
export function listText(rows: readonly SourceRow[]): string {
  const lines = rows.map(({ id, title, reads, readable, asks }) => [
    id,
    readable === 'no' ? 'no' : asks.length > 0 ? written(asks[0] ?? '', id, 'value') : 'yes',
    title,
    reads,
  ]);
  const missing = rows.flatMap(({ id, reason, mend }) =>
    reason === null
      ? []
      : [`${id}: ${sanitise(reason)}`, ...(mend === null ? [] : [`  $ ${sanitise(mend)}`])],
  );
  return [
    table([['source', 'here', 'title', 'reads'], ...lines]),
    ...(missing.length === 0 ? [] : ['', 'Cannot be read here', indent(missing.join('\n'))]),
  ].join('\n');
}

export function listJson(rows: readonly SourceRow[]) {
  return { schema: PROBE_SCHEMA, sources: rows };
}
