import { datastoreName, datastoreText } from '../../diagnosis/facts/datastores.js';
import type { DnsOutcome, HttpSample, SocketsSample } from '../../probes/samples.js';
import type { Latest } from '../../store/history.js';
import type { FaultlineState } from '../../store/state.js';
import { duration, percent, percentOf, perSecond } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';
import { insideRows, matrixRows } from './inside.js';
import { swarmRows } from './swarm.js';

/** A name and what was measured. */
type Row = readonly [string, string];

/** What the probes read last, one row a source; a stale value says so. Sources that were never read have no row. */
export function signalRows(state: FaultlineState): readonly Row[] {
  const { latest } = state;
  return [
    ...Object.values(latest.http).map(httpRow),
    ...(latest.dns?.sample.names ?? []).map(
      (name): Row => [`DNS ${name.name}`, `${dnsText(name)}${staleText(latest.dns)}`],
    ),
    ...(latest.sockets
      ? [['sockets', `${socketsText(latest.sockets.sample)}${staleText(latest.sockets)}`] as const]
      : []),
    ...queueRows(latest.sockets?.sample),
    ...kernelRow(state),
    ...conntrackRow(state),
    ...postgresRow(state),
    ...redisRow(state),
    ...datastoreRows(state),
    ...insideRows(state),
    ...matrixRows(state),
    ...swarmRows(state),
  ].map(([name, text]) => [sanitise(name, 120), sanitise(text, 300)] as const);
}

function staleText(latest: { readonly stale: boolean } | undefined): string {
  return latest?.stale ? ' (stale)' : '';
}

function httpRow(latest: Latest<HttpSample>): Row {
  const { sample } = latest;
  const why = [sample.failure?.text, sample.note].flatMap((text) => (text ? [`, ${text}`] : [])).join('');
  const took = `${httpStatusText(sample)} in ${duration(sample.totalMs)}`;
  return [
    `${sample.target.startsWith('tcp ') ? '' : 'HTTP '}${sample.target}`,
    `${took}${why}${staleText(latest)}`,
  ];
}

/** curl's 000 where no status came; a connection alone has none. */
function httpStatusText({ status, ok }: HttpSample): string {
  return status === null && ok ? 'connected' : String(status ?? '000');
}

/** What is no answer, in other words than the codes of answers: REFUSED is one. */
const OUTCOME_WORDS: Readonly<Partial<Record<DnsOutcome, string>>> = {
  refused: 'nobody at its port',
  unreachable: 'no way there',
};

function dnsText(name: NonNullable<FaultlineState['latest']['dns']>['sample']['names'][number]): string {
  const failed = name.steps.filter((step) => step.outcome !== 'NOERROR' && step.outcome !== 'NODATA');
  const said = failed.map(({ outcome }) => OUTCOME_WORDS[outcome] ?? outcome);
  const outcome = name.resolved ? 'resolved' : [...new Set(said)].join(', ');
  const late = name.late.length > 0 ? `; ${name.late.length} answers came too late` : '';
  return `${outcome || 'no address'} in ${duration(name.totalMs)} by ${name.resolver}${late}`;
}

function socketsText(sample: SocketsSample): string {
  const states = ['ESTAB', 'SYN-SENT', 'SYN-RECV', 'CLOSE-WAIT', 'TIME-WAIT', 'LISTEN'] as const;
  return `${states.map((state) => `${state} ${sample.total[state] ?? 0}`).join('  ')} (${sample.means})`;
}

function queueRows(sample: SocketsSample | undefined): Row[] {
  return (sample?.listeners ?? [])
    .filter((queue) => queue.queued > 0)
    .map((queue) => [
      `listen queue :${queue.port}`,
      `${queue.queued} of ${queue.backlog ?? 'unknown'} waiting for accept${queue.service ? `, ${queue.service}` : ''}`,
    ]);
}

/** A signal's newest value, or undefined when it was not read. */
function newest(state: FaultlineState, signal: string): number | undefined {
  const value = state.series.get(signal)?.fromEnd(0)?.value;
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

function kernelRow(state: FaultlineState): Row[] {
  if (!state.latest.kernel) return [];
  const rate = (label: string, counter: string): string[] => {
    const value = newest(state, `kernel.${counter}`);
    return value === undefined ? [] : [`${label} ${perSecond(value)}`];
  };
  const retrans = newest(state, 'kernel.retransPercent');
  const parts = [
    ...(retrans === undefined ? [] : [`retransmits ${percent(retrans)}`]),
    ...rate('resets', 'Tcp.OutRsts'),
    ...rate('attempt fails', 'Tcp.AttemptFails'),
    ...rate('listen overflows', 'TcpExt.ListenOverflows'),
  ];
  return [['kernel', `${parts.join('  ') || 'read once: no rate yet'}${staleText(state.latest.kernel)}`]];
}

function conntrackRow(state: FaultlineState): Row[] {
  const latest = state.latest.conntrack;
  if (!latest) return [];
  const { count, max, fill } = latest.sample;
  return [
    [
      'conntrack',
      `${fill === null ? `${count}, no limit` : `${count} of ${max} (${percentOf(fill)})`}${staleText(latest)}`,
    ],
  ];
}

function postgresRow(state: FaultlineState): Row[] {
  const latest = state.latest.postgres;
  if (!latest) return [];
  const { sample } = latest;
  const answer =
    sample.selectOneMs === null
      ? (sample.failure?.text ?? 'no answer')
      : `SELECT 1 in ${duration(sample.selectOneMs)}`;
  const used =
    sample.connections === null
      ? ''
      : `, ${sample.connections} of ${sample.maxConnections ?? 'unknown'} connections`;
  return [[`PostgreSQL ${sample.address}`, `${answer}${used}${staleText(latest)}`]];
}

function redisRow(state: FaultlineState): Row[] {
  const latest = state.latest.redis;
  if (!latest) return [];
  const { address, pingMs, failure } = latest.sample;
  const answer = pingMs === null ? (failure?.text ?? 'no answer') : `PING in ${duration(pingMs)}`;
  return [[`Redis ${address}`, `${answer}${staleText(latest)}`]];
}

/** Those that are seen and not entered with a login, the first eight. */
function datastoreRows(state: FaultlineState): Row[] {
  const latest = state.latest.datastores;
  const all = latest?.sample.datastores ?? [];
  return [
    ...all.slice(0, 8).map((one): Row => [datastoreName(one), `${datastoreText(one)}${staleText(latest)}`]),
    ...(all.length > 8 ? [['databases', `${all.length - 8} more: faultline probe datastores`] as const] : []),
  ];
}
