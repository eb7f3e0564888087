import type { ContainerFacts, ServiceSample } from '../../source/probes/samples.js';
import { levelOfCpu, levelOfMemory } from '../../source/store/signs/workload.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import type { Span } from '../panel.js';
import { levelSpan } from '../widgets/levels.js';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Use and limit with one unit, as Docker counts memory: "46/64 MiB", "46 MiB" without a limit. */
export function memoryText(use: number | null, limit: number | null): string {
  const unit = Math.max(use ?? 0, limit ?? 0) >= 1_000 * MIB ? GIB : MIB;
  const size = (value: number) => {
    const amount = value / unit;
    return amount >= 10 || Number.isInteger(amount) ? String(Math.round(amount)) : amount.toFixed(1);
  };
  const name = unit === GIB ? 'GiB' : 'MiB';
  const used = use === null ? '–' : size(use);
  if (limit === null) return use === null ? '–' : `${used} ${name}`;
  return `${used}/${size(limit)} ${name}`;
}

/** Memory against its limit; called out where it is almost full. */
export function memorySpan(service: ServiceSample, { limits }: ContainerFacts): Span {
  return levelSpan(levelOfMemory(service), memoryText(service.memoryBytes, limits.memoryBytes));
}

/** CPU in per-core percent against what it may use: "12/20 %"; called out where it is held back. */
export function cpuSpan(service: ServiceSample, { limits }: ContainerFacts): Span {
  const { cpuPercent } = service;
  const used = cpuPercent === null ? '–' : String(Math.round(cpuPercent));
  const most = limits.cpus === null ? '' : `/${Math.round(limits.cpus * 100)}`;
  const text = used === '–' && most === '' ? used : `${used}${most} %`;
  return levelSpan(levelOfCpu(service), text);
}

/** "8080→80 5353→53/udp": host port, port inside, protocol where it is not TCP; exposed ones that nobody can reach are left out. */
export function publishedText({ publishedPorts }: ContainerFacts): string {
  const texts = publishedPorts.flatMap(({ hostPort, port, protocol }) =>
    hostPort === null ? [] : [`${hostPort}${SYMBOL.arrow}${port}${protocol === 'tcp' ? '' : `/${protocol}`}`],
  );
  // Once for IPv4 and IPv6.
  return [...new Set(texts)].join(' ');
}
