import type { ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState, ProbeHealth } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { bytes, plural, roughly, stopwatch } from '../format.js';
import { LEVEL_SYMBOL, LEVEL_TONE, type Level } from '../levels.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { type Column, columnsThatFit, row, tableHead } from '../widgets/table.js';
import { matching } from './filter.js';
import { unreadLines } from './unread.js';

/** The columns, most wanted first; the name takes what the longest one needs. */
const columnsOf = (name: number): readonly Column[] => [
  { title: 'SERVICE', width: name },
  { title: 'STATE', width: 12 },
  { title: 'AGE', width: 7, align: 'right' },
  { title: 'CPU', width: 5, align: 'right' },
  { title: 'MEM', width: 6, align: 'right' },
  { title: 'FD', width: 9, align: 'right' },
  { title: 'RST', width: 3, align: 'right' },
  { title: 'PID', width: 7, align: 'right' },
  { title: 'PORTS', width: 14 },
  { title: 'LAST EXIT', width: 44 },
];

/** Services or containers: state, CPU (one core is 100 %), memory, open files against their limit, restarts, age. */
export function servicesContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.services;
  if (!latest)
    return lines(unreadLines(state, (health: ProbeHealth) => health.id === 'services', view.width));
  const all = latest.sample.services;
  const shown = matching(all, view.filter, (service) => `${service.name} ${service.role} ${service.state}`);
  const name = Math.max(8, Math.min(24, ...[Math.max(0, ...all.map((service) => service.name.length))]));
  const columns = columnsThatFit(columnsOf(name), view.width, 2);
  const missing = latest.sample.missing;
  const tail: Line[] = view.alone ? [[], ...missing.map((text) => [span(`  ${text}`, 'muted')])] : [];
  const age = latest.stale ? `stale, ${roughly(state.now - latest.at)} old · ` : '';
  return {
    right: `${age}${plural(all.length, 'service')} · ${latest.sample.means}`,
    head: [tableHead(columns, '  ')],
    count: shown.length + tail.length,
    selectable: true,
    line: (index) => {
      const service = shown[index];
      return service ? serviceLine(service, columns, state, view) : (tail[index - shown.length] ?? []);
    },
  };
}

function serviceLine(
  service: ServiceSample,
  columns: readonly Column[],
  state: FaultlineState,
  view: View,
): Line {
  const stateNow = stateOf(service, state);
  const tone = LEVEL_TONE[stateNow.level];
  const chosen = service.name === view.restartTarget || service.group === view.restartTarget;
  const unknown = (value: number | null, text: (value: number) => string) =>
    value === null ? '–' : text(value);
  const limit = service.fdLimit === null ? '' : `/${shortCount(service.fdLimit)}`;
  const full =
    service.openFds !== null && service.fdLimit !== null && service.openFds > service.fdLimit * 0.8;
  return [
    span(chosen ? `${SYMBOL.cursor} ` : '  ', 'key'),
    ...row(columns, [
      span(service.name, chosen ? 'selected' : undefined),
      span(`${LEVEL_SYMBOL[stateNow.level]} ${stateNow.word}`, tone),
      unknown(service.ageMs, stopwatch),
      unknown(service.cpuPercent, (value) => `${Math.round(value)} %`),
      unknown(service.memoryBytes, bytes),
      span(
        unknown(service.openFds, (value) => `${value}${limit}`),
        full ? 'warning' : undefined,
      ),
      span(String(service.restarts), service.restarts > 0 ? 'strong' : undefined),
      unknown(service.pid, String),
      service.ports.map((port) => `${port.port}/${port.protocol}`).join(' '),
      service.lastExit ? `${service.lastExit.meaning}, ${roughly(state.now - service.lastExit.at)} ago` : '',
    ]),
  ];
}

const shortCount = (value: number) => (value >= 100_000 ? `${Math.round(value / 1_000)}k` : String(value));

/** The state in a word. A running service whose every probed URL fails is said not to answer. */
function stateOf(service: ServiceSample, state: FaultlineState): { level: Level; word: string } {
  if (service.state === 'paused' || service.processState === 'T')
    return { level: 'critical', word: 'paused' };
  if (service.state === 'exited') return { level: 'critical', word: 'stopped' };
  if (service.state === 'starting' || service.state === 'stopping')
    return { level: 'notice', word: service.state };
  if (service.state === 'unknown') return { level: 'unknown', word: 'unknown' };
  const probes = Object.values(state.latest.http).filter((latest) => serves(service, latest.sample.url));
  if (probes.length > 0 && probes.every((latest) => !latest.sample.ok && !latest.stale))
    return { level: 'warning', word: 'no answer' };
  return { level: 'ok', word: 'up' };
}

function serves(service: ServiceSample, url: string): boolean {
  const port = /^https?:\/\/(?:\[[^\]]*\]|[^/:]*):(\d+)/.exec(url)?.[1];
  return (
    port !== undefined && service.ports.some((own) => own.protocol === 'tcp' && own.port === Number(port))
  );
}
