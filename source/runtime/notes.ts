import type { EngineEvent } from '../engines/engine.js';
import type { Finding } from '../store/finding.js';
import { foldByMode, titleOf } from '../store/finding-rows.js';
import type { Outage } from '../store/state.js';
import type { TimelineEntry } from '../store/timeline.js';
import { duration } from '../terminal/format.js';
import { sanitise } from '../terminal/sanitise.js';

/** Names and details come from outside (characters). */
const LONGEST = 200;

/** Timeline entries for what changed in the findings between two looks; many of one mode at once are one entry. */
export function findingNotes(
  before: readonly Finding[],
  after: readonly Finding[],
  outage: Outage | null,
  now: number,
): TimelineEntry[] {
  const firing = (list: readonly Finding[]) =>
    list.filter((finding) => finding.state !== 'pending' && finding.explainedBy === null);
  const had = new Set(firing(before).map((finding) => finding.key));
  const has = new Set(firing(after).map((finding) => finding.key));
  const sinceSymptom = outage?.symptomAt != null && now >= outage.symptomAt ? now - outage.symptomAt : null;
  const when = sinceSymptom === null ? null : `named ${duration(sinceSymptom)} after the first symptom`;
  const named = firing(after).filter((finding) => !had.has(finding.key));
  const gone = firing(before).filter(
    (finding) => !has.has(finding.key) && !after.some((other) => other.key === finding.key),
  );
  return [
    ...foldByMode(named).map((group): TimelineEntry => {
      const result = when ?? (group.length === 1 ? group[0].target : undefined);
      return { at: now, kind: 'named', text: titleOf(group), ...(result === undefined ? {} : { result }) };
    }),
    ...foldByMode(gone).map(
      (group): TimelineEntry => ({ at: now, kind: 'cleared', text: `no longer seen: ${titleOf(group)}` }),
    ),
  ];
}

/** Timeline entries for the marks that the outage clock set between two looks. */
export function outageNotes(before: Outage | null, after: Outage | null): TimelineEntry[] {
  if (!after) return [];
  const notes: TimelineEntry[] = [];
  if (after.symptomAt !== null && before?.symptomAt !== after.symptomAt)
    notes.push({ at: after.symptomAt, kind: 'symptom', text: 'first symptom' });
  if (after.verifiedAt !== null && before?.verifiedAt == null) {
    const from = after.symptomAt ?? after.triggeredAt;
    notes.push({
      at: after.verifiedAt,
      kind: 'recovered',
      text: after.fixedAt === null ? 'recovered, by nothing that was done from here' : 'recovered',
      ...(from === null ? {} : { result: `down for ${duration(after.verifiedAt - from)}` }),
    });
  }
  return notes;
}

/** A timeline entry for what an engine says happened to a workload. */
export function engineNote({ at, workload, action, detail }: EngineEvent): TimelineEntry {
  return {
    at,
    kind: 'engine',
    text: sanitise(`${workload}: ${action}`, LONGEST),
    ...(detail === '' ? {} : { result: sanitise(detail, LONGEST) }),
  };
}
