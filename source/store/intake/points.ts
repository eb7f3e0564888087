import type {
  ConntrackSample,
  ContainerFacts,
  DnsSample,
  HttpSample,
  KernelSample,
  LabSample,
  LogsSample,
  PostgresSample,
  RedisSample,
  ServicesSample,
  SocketsSample,
  SwarmSample,
} from '../../probes/samples.js';
import type { SeriesBook } from '../series.js';
import type { Rates } from './rates.js';

/** Figures of one sample, put into the series book. Signals that the window adds up are in windows.ts. */

const orNaN = (value: number | null): number => value ?? Number.NaN;

export function putHttp(book: SeriesBook, at: number, sample: HttpSample): void {
  book.push(`http.ok{${sample.target}}`, at, sample.ok ? 1 : 0);
  book.push(`http.ms{${sample.target}}`, at, sample.totalMs);
  book.push('http.ok', at, sample.ok ? 1 : 0);
  book.push('http.ms', at, sample.totalMs);
}

export function putDns(book: SeriesBook, at: number, sample: DnsSample): void {
  for (const name of sample.names) {
    book.push(`dns.ok{${name.name}}`, at, name.resolved ? 1 : 0);
    book.push(`dns.ms{${name.name}}`, at, name.totalMs);
    for (const step of name.steps) {
      const answered =
        step.outcome !== 'timeout' && step.outcome !== 'refused' && step.outcome !== 'unreachable';
      book.push('dns.step', at, answered ? 1 : 0);
      book.push('dns.stepMs', at, step.ms);
    }
    for (const late of name.late) book.push(`dns.late{${name.name}}`, at, late.ms);
  }
}

export function putSockets(book: SeriesBook, at: number, sample: SocketsSample): void {
  for (const [state, count] of Object.entries(sample.total))
    book.push(`sockets.${state}`, at, count ?? Number.NaN);
  book.push(
    'sockets.askers',
    at,
    sample.dnsAskers.reduce((sum, asker) => sum + asker.count, 0),
  );
}

/** `label` is what stands behind each signal's name: `{container}` for a container's own; `of` its network. */
export function putKernel(
  book: SeriesBook,
  rates: Rates,
  at: number,
  sample: KernelSample,
  label = '',
  of = '',
): void {
  for (const [counter, value] of Object.entries(sample.counters))
    book.push(`kernel.${counter}${label}`, at, rates.perSecond(`${counter}${label}`, at, value, of));
  const newest = (counter: string): number =>
    book.get(`kernel.${counter}${label}`)?.fromEnd(0)?.value ?? Number.NaN;
  const sent = newest('Tcp.OutSegs');
  const percent = (100 * newest('Tcp.RetransSegs')) / sent;
  book.push(`kernel.retransPercent${label}`, at, sent > 0 ? percent : sent === 0 ? 0 : Number.NaN);
}

export function putConntrack(book: SeriesBook, rates: Rates, at: number, sample: ConntrackSample): void {
  book.push('conntrack.count', at, sample.count);
  book.push('conntrack.fill', at, sample.fill);
  book.push('conntrack.drop', at, rates.perSecond('conntrack.drop', at, sample.drop));
  book.push('conntrack.earlyDrop', at, rates.perSecond('conntrack.earlyDrop', at, sample.earlyDrop));
  book.push('conntrack.insertFailed', at, rates.perSecond('conntrack.insertFailed', at, sample.insertFailed));
}

export function putPostgres(book: SeriesBook, at: number, sample: PostgresSample): void {
  book.push('postgres.selectOne', at, orNaN(sample.selectOneMs));
  book.push('postgres.connect', at, orNaN(sample.connectMs));
  book.push('postgres.connections', at, orNaN(sample.connections));
  book.push(
    'postgres.fill',
    at,
    sample.connections !== null && sample.maxConnections
      ? sample.connections / sample.maxConnections
      : Number.NaN,
  );
}

/** `redis.ping` is NaN when PING was not answered. */
export function putRedis(book: SeriesBook, at: number, sample: RedisSample): void {
  book.push('redis.ping', at, orNaN(sample.pingMs));
}

export function putServices(book: SeriesBook, at: number, sample: ServicesSample): void {
  for (const service of sample.services) {
    book.push(`service.up{${service.name}}`, at, service.state === 'running' ? 1 : 0);
    book.push(`service.cpu{${service.name}}`, at, orNaN(service.cpuPercent));
    book.push(`service.memory{${service.name}}`, at, orNaN(service.memoryBytes));
    book.push(`service.fds{${service.name}}`, at, orNaN(service.openFds));
    if (service.container) putContainer(book, at, service.name, service.memoryBytes, service.container);
  }
}

function putContainer(
  book: SeriesBook,
  at: number,
  name: string,
  memoryBytes: number | null,
  facts: ContainerFacts,
): void {
  const { memoryBytes: limit } = facts.limits;
  book.push(`service.throttled{${name}}`, at, orNaN(facts.throttledPercent));
  book.push(`service.oomKills{${name}}`, at, orNaN(facts.oomKills));
  book.push(
    `service.memoryFill{${name}}`,
    at,
    memoryBytes !== null && limit ? memoryBytes / limit : Number.NaN,
  );
}

export function putLogs(book: SeriesBook, at: number, sample: LogsSample): void {
  for (const match of sample.matches) book.push(`logs.${match.kind}{${match.service}}`, at, match.recent);
}

export function putLab(book: SeriesBook, at: number, sample: LabSample): void {
  book.push('lab.queue', at, sample.resolver?.queue ?? Number.NaN);
  book.push('lab.inFlight', at, sample.app ? sample.app.inFlight + sample.app.waiting : Number.NaN);
}

export function putSwarm(book: SeriesBook, at: number, sample: SwarmSample): void {
  for (const service of sample.services) {
    book.push(`swarm.running{${service.name}}`, at, service.running);
    book.push(`swarm.desired{${service.name}}`, at, service.desired);
    book.push(`swarm.replacedMs{${service.name}}`, at, orNaN(service.replacedInMs));
  }
}
