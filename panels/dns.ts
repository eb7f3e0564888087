import type { DnsNameSample, DnsSample, DnsStep } from '../source/probes/samples.js';
import { isGiven, LATE_ANSWER, levelOfStep } from '../source/store/signs/lookup.js';
import type { FaultlineState } from '../source/store/state.js';
import { milliseconds, plural } from '../source/terminal/format.js';
import { type Content, type Line, lines, span, type View } from './panel.js';
import { rightText } from './widgets/age.js';
import { LEVEL_SYMBOL, LEVEL_TONE } from './widgets/levels.js';
import { matching } from './widgets/matching.js';
import { type Column, columnsThatFit, row, tableHead } from './widgets/table.js';
import { unreadLines } from './widgets/unread.js';

const OUTCOME: Column = { title: 'ANSWER', width: 13 };
const MS: Column = { title: 'MS', width: 7, align: 'right' };
const RESOLVER: Column = { title: 'ASKED', width: 22 };

/** DNS resolution: each name, each step of its search list, what came and when; late answers stand below their step. */
export function dnsContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.dns;
  const inside = insideNames(state);
  if (!latest && inside.length === 0)
    return lines(unreadLines(state, (health) => health.id === 'dns', view.width));
  const names = [...(latest?.sample.names ?? []), ...inside];
  const shown = matching(names, view.filter, (name) => `${name.name} ${name.resolver}`);
  const columns = columnsFor(view.width, Math.max(8, ...names.map((name) => name.name.length)));
  const rows = shown.flatMap((name) => nameLines(name, isGiven(names, name), columns));
  const unresolved = names.filter((name) => !name.resolved).length;
  const note =
    view.alone && latest
      ? [[span(`${searchText(latest.sample)} · ${patience(latest.sample.names)}`, 'muted')]]
      : [];
  return {
    right: rightText(
      latest,
      state.now,
      `${plural(names.length, 'name')}${unresolved > 0 ? `, ${unresolved} not resolved` : ''}`,
    ),
    head: [...note, tableHead(columns)],
    count: rows.length,
    line: (index) => rows[index] ?? [],
  };
}

/** Names as containers ask for them, from inside; those that fail first. */
function insideNames(state: FaultlineState): DnsNameSample[] {
  const all = Object.entries(state.latest.lookups ?? {}).flatMap(([container, { sample, stale }]) =>
    stale ? [] : sample.names.map((name) => ({ ...name, name: `${container}: ${name.name}` })),
  );
  return all.sort((a, b) => Number(a.resolved) - Number(b.resolved) || (a.name < b.name ? -1 : 1));
}

const searchText = ({ search, ndots }: DnsSample): string =>
  `search ${search.join(' ') || '(none)'} · ndots ${ndots}`;

function columnsFor(width: number, longest: number): readonly Column[] {
  const rest = width - OUTCOME.width - MS.width - 3;
  const name = Math.max(8, Math.min(longest, 40, rest - 8));
  const step = Math.max(8, Math.min(40, rest - name));
  const columns = [{ title: 'NAME', width: name }, { title: 'STEP', width: step }, OUTCOME, MS, RESOLVER];
  return columnsThatFit(columns, width);
}

function nameLines(name: DnsNameSample, given: boolean, columns: readonly Column[]): Line[] {
  const steps = name.steps.map((step, index): Line => {
    const level = levelOfStep(step.outcome, given);
    return row(columns, [
      index === 0 ? name.name : '',
      stepTitle(step, name),
      span(`${LEVEL_SYMBOL[level]} ${step.outcome}`, LEVEL_TONE[level]),
      milliseconds(step.ms),
      index === 0 ? name.resolver : '',
    ]);
  });
  const late = name.late.map(
    (answer): Line =>
      row(columns, [
        '',
        `${answer.qtype}, late`,
        span(`${LEVEL_SYMBOL[LATE_ANSWER]} ${answer.outcome}`, LEVEL_TONE[LATE_ANSWER]),
        milliseconds(answer.ms),
      ]),
  );
  return [...steps, ...late];
}

function stepTitle(step: DnsStep, name: DnsNameSample): string {
  const written = name.name.slice(name.name.lastIndexOf(' ') + 1);
  const asWritten = step.qname.replace(/\.$/, '') === written.replace(/\.$/, '');
  return asWritten ? step.qtype : `${step.qtype} ${step.qname}`;
}

function patience(names: readonly DnsNameSample[]): string {
  const most = Math.max(0, ...names.map((name) => name.patienceMs));
  return `clients wait ${milliseconds(most)} ms`;
}
