import type { SwarmService, SwarmTask } from '../source/probes/samples.js';
import { ENDED, levelOfSwarmService, levelOfTask } from '../source/store/signs/swarm.js';
import type { FaultlineState } from '../source/store/state.js';
import { bytes, duration, plural, roughly } from '../source/terminal/format.js';
import { type Content, type Line, lines, span, type View } from './panel.js';
import { rightText } from './widgets/age.js';
import { LEVEL_SYMBOL, LEVEL_TONE } from './widgets/levels.js';
import { matching } from './widgets/matching.js';
import { type Column, columnsThatFit, row, tableHead } from './widgets/table.js';
import { unreadLines } from './widgets/unread.js';

/** The columns, most wanted first; the name takes what the longest one needs. */
const columnsOf = (name: number): readonly Column[] => [
  { title: 'SERVICE', width: name },
  { title: 'RUN', width: 7, align: 'right' },
  { title: 'REPLACED', width: 8, align: 'right' },
  { title: 'UPDATE', width: 10 },
  { title: 'CPU', width: 5, align: 'right' },
  { title: 'MEM', width: 6, align: 'right' },
  { title: 'MODE', width: 5 },
];

const taskColumnsOf = (name: number): readonly Column[] => [
  { title: 'TASK', width: name + 3 },
  { title: 'STATE', width: 12 },
  { title: 'SINCE', width: 8, align: 'right' },
  { title: 'EXIT', width: 4, align: 'right' },
];

/** Narrower than this a reason says nothing. */
const LEAST_REASON = 12;

/** The columns that fit, and a last one for a reason in the room that is left. */
function withReason(columns: readonly Column[], title: string, width: number): readonly Column[] {
  const fit = columnsThatFit(columns, width, 2);
  const used = fit.reduce((sum, column) => sum + column.width + 1, 2);
  return width - used < LEAST_REASON ? fit : [...fit, { title, width: width - used }];
}

/** Services of the swarm: running and desired replicas, limits, updates, and how ended tasks were replaced. */
export function swarmContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.swarm;
  if (!latest) return lines(unreadLines(state, ({ id }) => id === 'swarm', view.width));
  const { services, nodes } = latest.sample;
  const shown = matching(services, view.filter, ({ name, image }) => `${name} ${image}`);
  const name = Math.max(8, Math.min(24, ...[Math.max(0, ...services.map((service) => service.name.length))]));
  const columns = withReason(columnsOf(name), 'LAST END', view.width);
  const rows: Line[] = [
    ...shown.map((service) => serviceLine(service, columns, state.now)),
    ...(view.alone ? taskLines(shown, name, state.now, view.width) : []),
  ];
  return lines(rows, {
    right: rightText(
      latest,
      state.now,
      plural(services.length, 'service'),
      `${nodes.ready}/${nodes.total} nodes ready`,
    ),
    head: [tableHead(columns, '  ')],
  });
}

function serviceLine(service: SwarmService, columns: readonly Column[], now: number): Line {
  const level = levelOfSwarmService(service, now);
  const last = service.tasks.find((task) => ENDED.has(task.state));
  const { cpus, memoryBytes } = service.limits;
  return [
    span(`${LEVEL_SYMBOL[level]} `, LEVEL_TONE[level]),
    ...row(columns, [
      service.name,
      span(`${service.running}/${service.desired}`, LEVEL_TONE[level]),
      service.replacedInMs === null ? '–' : duration(service.replacedInMs),
      service.updateState ?? '–',
      cpus === null ? '–' : String(Number(cpus.toFixed(2))),
      memoryBytes === null ? '–' : bytes(memoryBytes),
      service.endpointMode,
      last ? `${endText(last)}, ${roughly(now - last.changedAt)} ago` : '',
    ]),
  ];
}

function taskLines(
  services: readonly SwarmService[],
  name: number,
  now: number,
  width: number,
): readonly Line[] {
  const columns = withReason(taskColumnsOf(name), 'REASON', width);
  const tasks = services.flatMap((service) => service.tasks.map((task) => ({ service, task })));
  if (tasks.length === 0) return [];
  return [
    [],
    tableHead(columns, '  '),
    ...tasks.map(({ service, task }): Line => {
      const level = levelOfTask(task);
      return [
        span('  '),
        ...row(columns, [
          `${service.name}.${task.slot ?? 'global'}`,
          span(`${LEVEL_SYMBOL[level]} ${task.state}`, LEVEL_TONE[level]),
          roughly(now - task.changedAt),
          task.exitCode === null ? '–' : String(task.exitCode),
          task.error ?? '',
        ]),
      ];
    }),
  ];
}

/** "failed 137: task: non-zero exit (137)". */
function endText({ state, exitCode, error }: SwarmTask): string {
  const code = exitCode === null ? '' : ` ${exitCode}`;
  return `${state}${code}${error === null ? '' : `: ${error}`}`;
}
