import type { ServiceSample } from '../../source/probes/samples.js';
import { levelOfFiles } from '../../source/store/signs/workload.js';
import { bytes, stopwatch } from '../../source/terminal/format.js';
import { span } from '../panel.js';
import { levelSpan } from '../widgets/levels.js';
import { type Column, columnsThatFit } from '../widgets/table.js';
import { lastExitText, orDash, type ServiceColumns } from './service-columns.js';
import { stateSpan } from './state-word.js';

/** The columns, most wanted first; the name takes what the longest one needs. */
const columnsOf = (name: number): readonly Column[] => [
  { title: 'SERVICE', width: name },
  { title: 'STATE', width: 12 },
  { title: 'AGE', width: 7, align: 'right' },
  { title: 'CPU', width: 5, align: 'right' },
  { title: 'MEM', width: 6, align: 'right' },
  { title: 'FD', width: 11, align: 'right' },
  { title: 'RST', width: 3, align: 'right' },
  { title: 'PID', width: 7, align: 'right' },
  { title: 'PORTS', width: 14 },
  { title: 'LAST EXIT', width: 44 },
];

/** Processes: CPU (one core is 100 %), memory, open files against their limit, restarts, age. */
export function processColumns(all: readonly ServiceSample[], width: number): ServiceColumns {
  const name = Math.max(8, Math.min(24, ...[Math.max(0, ...all.map((service) => service.name.length))]));
  return {
    columns: columnsThatFit(columnsOf(name), width),
    values: (service, state, tone) => [
      span(service.name, tone),
      stateSpan(service, state),
      orDash(service.ageMs, stopwatch),
      orDash(service.cpuPercent, (value) => `${Math.round(value)} %`),
      orDash(service.memoryBytes, bytes),
      levelSpan(levelOfFiles(service), fds(service)),
      span(String(service.restarts), service.restarts > 0 ? 'strong' : undefined),
      orDash(service.pid, String),
      service.ports.map((port) => `${port.port}/${port.protocol}`).join(' '),
      lastExitText(service, state.now),
    ],
  };
}

function fds({ openFds, fdLimit }: ServiceSample): string {
  const limit = fdLimit === null ? '' : `/${shortCount(fdLimit)}`;
  return orDash(openFds, (value) => `${value}${limit}`);
}

const shortCount = (value: number) => (value >= 100_000 ? `${Math.round(value / 1_000)}k` : String(value));
