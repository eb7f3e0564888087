import type { ContainerFacts, ServiceSample } from '../../source/probes/samples.js';
import { count, percent, plural, stopwatch } from '../../source/terminal/format.js';
import { type Line, span } from '../panel.js';
import { cell, wrap } from '../widgets/fit.js';
import { memoryText } from './container-figures.js';
import { lastExitText } from './service-columns.js';

/** Columns of the words that stand before each line. */
const LEAD = 10;
/** Digits of an id that Docker's own commands show. */
const SHORT_ID = 12;

/** All that is known of one container, most wanted first: what does not fit into its row. */
export function detailLines(service: ServiceSample, now: number, width: number): readonly Line[] {
  const facts = service.container;
  if (!facts) return [];
  const exit = lastExitText(service, now);
  const parts: readonly (readonly [string, string])[] = [
    ['state', stateText(service, facts)],
    ['last exit', exit],
    ['cpu', service.state === 'exited' ? '' : cpuText(service, facts)],
    ['memory', memoryLine(service, facts)],
    [
      'networks',
      facts.networks
        .map(
          ({ name, address, formerAddress }) =>
            `${name} ${address ?? (formerAddress ? `(had ${formerAddress})` : '–')}`,
        )
        .join(' · '),
    ],
    ['ports', portsText(facts)],
    ['output', facts.outputTrouble ? `cannot be read: ${facts.outputTrouble}` : ''],
    ['image', [facts.image, `id ${facts.id.slice(0, SHORT_ID)}`].join(' · ')],
    [
      'compose',
      facts.composeProject === null ? '' : [facts.composeProject, service.group].filter(Boolean).join(' / '),
    ],
    [
      'labels',
      Object.entries(facts.labels ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(' · '),
    ],
  ];
  return [
    [span('─'.repeat(Math.max(0, width)), 'muted')],
    ...parts.filter(([, text]) => text !== '').flatMap(([name, text]) => partLines(name, text, width)),
  ];
}

function partLines(name: string, text: string, width: number): Line[] {
  return wrap(text, Math.max(16, width - LEAD - 1)).map((line, index) => [
    span(`${cell(index === 0 ? name : '', LEAD)} `, 'muted'),
    span(line),
  ]);
}

function stateText(
  { ageMs, restarts, pid }: ServiceSample,
  { status, health, restartPolicy }: ContainerFacts,
): string {
  return [
    health === 'none' ? status : `${status}, ${health}`,
    ...(ageMs === null || status === 'exited' ? [] : [`started ${stopwatch(ageMs)} ago`]),
    plural(restarts, 'restart'),
    `restart policy ${restartPolicy}`,
    ...(pid === null ? [] : [`pid ${pid}`]),
  ].join(' · ');
}

function cpuText(
  { cpuPercent }: ServiceSample,
  { limits, throttling, throttledPercent }: ContainerFacts,
): string {
  const used = cpuPercent === null ? 'not known' : `${cpuPercent.toFixed(1)} % of a core`;
  const limit = limits.cpus === null ? 'no limit' : `limit ${limits.cpus} cores`;
  if (throttling === null) return `${used} · ${limit}`;
  const { periods, throttledPeriods, throttledMs } = throttling;
  const now = throttledPercent === null ? '' : `held back in ${percent(throttledPercent)} of periods now, `;
  return `${used} · ${limit} · ${now}${count(throttledPeriods)} of ${count(periods)} since its start, ${stopwatch(throttledMs)} in all`;
}

function memoryLine(
  { memoryBytes, openFds, fdLimit }: ServiceSample,
  { limits, pids, oomKills }: ContainerFacts,
): string {
  const share =
    memoryBytes !== null && limits.memoryBytes
      ? ` (${percent((100 * memoryBytes) / limits.memoryBytes)})`
      : '';
  return [
    `${memoryText(memoryBytes, limits.memoryBytes)}${share}${limits.memoryBytes === null ? ', no limit' : ''}`,
    oomKills === null ? 'out-of-memory kills not known' : plural(oomKills, 'out-of-memory kill'),
    ...(pids === null
      ? []
      : [`pids ${count(pids)}${limits.pids === null ? '' : ` of ${count(limits.pids)}`}`]),
    ...(openFds === null
      ? []
      : [`${count(openFds)}${fdLimit === null ? '' : ` of ${count(fdLimit)}`} open files`]),
  ].join(' · ');
}

function portsText({ publishedPorts }: ContainerFacts): string {
  return publishedPorts
    .map(({ protocol, port, hostAddress, hostPort }) =>
      hostPort === null
        ? `${port}/${protocol} not published`
        : `${hostAddress?.includes(':') ? `[${hostAddress}]` : (hostAddress ?? '')}:${hostPort} → ${port}/${protocol}`,
    )
    .join(' · ');
}
