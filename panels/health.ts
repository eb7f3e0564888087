import type { Finding } from '../source/store/finding.js';
import type { FaultlineState, Outage } from '../source/store/state.js';
import { readGauges } from './gauges/read.js';
import { isSick } from './levels.js';

/** How the whole stands: what the header and the finding panel say first. */
export type Standing =
  | {
      readonly kind: 'sick';
      readonly causes: readonly Finding[];
      readonly since: number;
      readonly outage: boolean;
    }
  | { readonly kind: 'unnamed'; readonly symptoms: readonly string[]; readonly since: number | null }
  | { readonly kind: 'well'; readonly since: number; readonly unread: readonly string[] }
  | { readonly kind: 'waiting' };

/** The outage that is going on, or null. */
export function openOutage(state: FaultlineState): Outage | null {
  const outage = state.outage;
  return outage && outage.symptomAt !== null && outage.verifiedAt === null ? outage : null;
}

/** Findings that nothing else explains, worst first as the diagnosis ordered them. */
export function causesOf(state: FaultlineState): readonly Finding[] {
  const active = new Set(state.findings.map((finding) => finding.id));
  return state.findings.filter(
    (finding) =>
      finding.state !== 'pending' && !(finding.explainedBy !== null && active.has(finding.explainedBy)),
  );
}

/** Judges the state: sick and named, sick and not named yet, well, or nothing read so far. */
export function standing(state: FaultlineState): Standing {
  const outage = openOutage(state);
  const causes = causesOf(state);
  const first = causes[0];
  if (first) {
    const since = outage?.symptomAt ?? Math.min(...causes.map((finding) => finding.since));
    return { kind: 'sick', causes, since, outage: outage !== null };
  }
  const readings = readGauges(state);
  const symptoms = readings.filter((reading) => isSick(reading.level)).map((reading) => reading.gauge.title);
  if (outage || symptoms.length > 0) return { kind: 'unnamed', symptoms, since: outage?.symptomAt ?? null };
  const known = readings.filter((reading) => reading.level === 'ok');
  if (known.length === 0) return { kind: 'waiting' };
  const unread = readings
    .filter((reading) => reading.level === 'unknown')
    .map((reading) => reading.gauge.title);
  const ended = state.lastOutage?.verifiedAt ?? state.outage?.verifiedAt;
  return { kind: 'well', since: ended ?? state.session.startedAt, unread };
}
