import type { HttpPhase, HttpSample } from '../source/probes/samples.js';
import type { FailedRule } from '../source/store/finding.js';
import { blindByLack } from '../source/store/finding-rows.js';
import type { Latest } from '../source/store/history.js';
import type { FaultlineState, ProbeHealth } from '../source/store/state.js';
import { duration, milliseconds, plural, roughly } from '../source/terminal/format.js';
import { SYMBOL } from '../source/terminal/symbols.js';
import { type Content, type Line, span, type View } from './panel.js';
import { cell } from './widgets/fit.js';
import { matching } from './widgets/matching.js';

const PHASES: readonly { readonly id: HttpPhase; readonly title: string }[] = [
  { id: 'dns', title: 'dns' },
  { id: 'connect', title: 'connect' },
  { id: 'tls', title: 'tls' },
  { id: 'firstByte', title: 'first byte' },
  { id: 'transfer', title: 'transfer' },
];
/** Narrower than this, phases and sources are left to the panel opened alone. */
const ROOMY = 90;

/** HTTP targets with status, phases and the reason of every 000; below them how each probe fares. */
export function probesContent(state: FaultlineState, view: View): Content {
  const http = matching(Object.values(state.latest.http), view.filter, (latest) => latest.sample.target);
  const health = matching(
    Object.values(state.probes).filter(
      (probe) => view.alone || !(isFineHttp(probe, state) || isFineInside(probe) || isUnasked(probe)),
    ),
    view.filter,
    (probe) => `${probe.id} ${probe.title} ${probe.reads}`,
  );
  const broken = Object.values(state.probes).filter(
    (probe) => probe.reason !== null && !isUnasked(probe),
  ).length;
  const rows: Line[] = [
    ...http.map((latest) => targetLine(latest, state.now, view)),
    ...(view.alone && http.length > 0 ? [[]] : []),
    ...state.failedRules.map(ruleLine),
    ...sickFirst(health).map((probe) => probeLine(probe, state.now, view)),
    ...(view.alone ? blindLines(state) : []),
  ];
  return {
    right: rightOf(state, broken),
    count: rows.length,
    line: (index) => rows[index] ?? [],
  };
}

function rightOf({ probes, failedRules }: FaultlineState, broken: number): string {
  const probed = broken > 0 ? `${broken} without a figure` : `${Object.keys(probes).length} probes`;
  return failedRules.length > 0 ? `${probed} · ${plural(failedRules.length, 'rule')} failed` : probed;
}

/** A rule of the diagnosis that threw: it judges nothing, though all that it reads was read. */
function ruleLine({ id, reason }: FailedRule): Line {
  return [span(`${SYMBOL.warning} rule ${id} failed: ${reason}`, 'warning')];
}

/** What cannot be judged here, by the sources that are missing for it. */
function blindLines({ blindModes }: FaultlineState): Line[] {
  const rows = [...blindByLack(blindModes)].map(
    ([lack, modes]): Line => [span(`  without ${lack}: `, 'muted'), span(modes)],
  );
  return rows.length > 0 ? [[], [span('cannot be judged here', 'title')], ...rows] : [];
}

/** An HTTP probe that runs has its own line above: its target. */
function isFineHttp(probe: ProbeHealth, state: FaultlineState): boolean {
  return probe.id.startsWith('http:') && state.latest.http[probe.id.slice('http:'.length)] !== undefined;
}

/** Two probes a container: they are many, and panel w tells of them. */
function isFineInside(probe: ProbeHealth): boolean {
  return /^(inside|dns):/.test(probe.id) && probe.reason === null;
}

/** What nobody asked for is not missing: Swarm, on a host without it. Opened alone, the panel tells of it, too. */
function isUnasked(probe: ProbeHealth): boolean {
  return probe.kind === 'not-configured';
}

function sickFirst(probes: readonly ProbeHealth[]): readonly ProbeHealth[] {
  return [
    ...probes.filter((probe) => probe.reason !== null),
    ...probes.filter((probe) => probe.reason === null),
  ];
}

/** One target: narrow, why it failed stands in place of how long it took. */
function targetLine(latest: Latest<HttpSample>, now: number, view: View): Line {
  const { sample } = latest;
  const tone = latest.stale ? 'unknown' : sample.ok ? 'ok' : 'critical';
  const roomy = view.width >= ROOMY;
  const stale = latest.stale ? `${SYMBOL.stale} ${roughly(now - latest.at)} old  ` : '';
  const took = cell(duration(sample.totalMs), 8, 'right');
  const failure = sample.failure;
  return [
    span(`${sample.ok ? SYMBOL.ok : SYMBOL.critical} `, tone),
    span(cell(sample.target, nameRoom(view))),
    span(` ${sample.status ?? (sample.ok ? ' ok' : '000')} `, tone),
    span(failure && !roomy ? '' : `${took}  `),
    span(stale, 'unknown'),
    span(failure ? (roomy ? failure.text : shortly(sample)) : '', 'strong'),
    span(roomy ? phasesOf(sample) : '', 'muted'),
    span(roomy && sample.note ? `  ${sample.note}` : '', 'muted'),
  ];
}

/** Why there is no answer, in few words: "no first byte 5.00 s". */
function shortly(sample: HttpSample): string {
  const failure = sample.failure;
  if (!failure) return '';
  const phase = PHASES.find(({ id }) => id === failure.phase)?.title ?? failure.phase;
  if (failure.kind === 'timeout') return `no ${phase} ${roughly(sample.totalMs)}`;
  if (failure.kind === 'no-name') return 'no such name';
  if (failure.kind === 'status') return 'answered with an error';
  return `${failure.kind} at ${phase}`;
}

function phasesOf(sample: HttpSample): string {
  const parts = PHASES.flatMap(({ id, title }) => {
    const ms = sample.phases[id];
    return ms === null ? [] : [`${title} ${milliseconds(ms)}`];
  });
  return parts.length > 0 ? `  ${parts.join(' · ')} ms` : '';
}

const nameRoom = (view: View) => Math.max(13, Math.min(28, Math.floor(view.width * 0.3)));

function probeLine(probe: ProbeHealth, now: number, view: View): Line {
  const age = probe.lastOkAt === null ? 'never' : `${roughly(now - probe.lastOkAt)} ago`;
  const title = span(cell(probe.title, nameRoom(view)));
  if (probe.reason !== null)
    return [
      span(`${SYMBOL.unknown} `, 'unknown'),
      title,
      span(` ${probe.reason}`, 'unknown'),
      span(probe.lastOkAt === null ? '' : `  last good ${age}`, 'muted'),
      span(probe.mend ? `  Needs: ${probe.mend}` : ''),
    ];
  if (probe.state === 'waiting')
    return [span(`${SYMBOL.pending} `), title, span(' first reading …', 'muted')];
  const took = probe.tookMs === null ? '' : ` in ${duration(probe.tookMs)}`;
  return [
    span(`${SYMBOL.ok} `, 'ok'),
    title,
    span(` ${cell(age, 9, 'right')}${view.width >= ROOMY ? cell(took, 12) : ''}`),
    span(`  ${probe.reads}`, 'muted'),
  ];
}
