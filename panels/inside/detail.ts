import type { InsideSample, InsideSockets } from '../../source/probes/samples.js';
import { KERNEL_COUNTERS, peerOf, socketsOf, TCP_STATES } from '../../source/probes/samples.js';
import { isGiven } from '../../source/store/signs/lookup.js';
import type { FaultlineState } from '../../source/store/state.js';
import { count, duration, percent, percentOf, perSecond } from '../../source/terminal/format.js';
import { type Line, type Span, span } from '../panel.js';
import { wrap } from '../widgets/fit.js';
import { flow } from '../widgets/flow.js';
import { LEVEL_SYMBOL, LEVEL_TONE } from '../widgets/levels.js';

/** Timeouts of connection tracking that decide how long an idle connection or a dead one is kept. */
const TIMEOUTS = ['established', 'syn_sent', 'fin_wait', 'close_wait', 'time_wait'].map(
  (state) => `tcp_timeout_${state}`,
);
const MOST_ROWS = 12;

/** All that is known of the network of one container. */
export function insideDetail(sample: InsideSample, state: FaultlineState, width: number): Line[] {
  return [
    ...headLines(sample, width),
    ...section('Sockets', socketLines(sample.sockets, width)),
    ...section('Kernel counters, per second', rateLines(sample.name, state, width)),
    ...section('Connection tracking', conntrackLines(sample, width)),
    ...section('Interfaces and routes', routeLines(sample, width)),
    ...section('Resolver', resolverLines(sample, width)),
    ...section('Lookups from inside', lookupLines(sample.name, state)),
    ...section(
      'Not known',
      sample.missing.flatMap((text) => wrapped(`? ${text}`, width, 'unknown')),
    ),
  ];
}

function headLines({ name, pid, means, network, sharedWith }: InsideSample, width: number): Line[] {
  const shared = sharedWith.length > 0 ? `one network with ${sharedWith.join(', ')}` : '';
  return [
    [span(name, 'strong'), span(`  process ${pid ?? 'unknown'}  ${network ?? ''}`, 'muted')],
    ...(shared ? wrapped(shared, width) : []),
    [span('looked into by ', 'muted'), span(means.by)],
    ...(means.reason ? wrapped(`? ${means.reason}`, width, 'unknown') : []),
    ...(means.mend ? wrapped(`Needs: ${means.mend}`, width) : []),
  ];
}

function section(title: string, rows: readonly Line[]): Line[] {
  return rows.length === 0 ? [] : [[], [span(title, 'title')], ...rows];
}

function wrapped(text: string, width: number, tone?: 'unknown' | 'muted'): Line[] {
  return wrap(text, width).map((part) => [span(part, tone)]);
}

const pair = (name: string, value: string): Span[] => [span(`${name} `, 'muted'), span(value, 'strong')];

function socketLines(sockets: InsideSockets | null, width: number): Line[] {
  if (!sockets) return [];
  const states = TCP_STATES.map((name) => pair(name, count(sockets.total[name] ?? 0)));
  const queues = sockets.listeners
    .slice(0, MOST_ROWS)
    .map(({ address, port, queued, backlog }) =>
      pair(`${address}:${port}`, `${queued} of ${backlog ?? '?'} waiting`),
    );
  const peers = sockets.edges.list
    .filter(({ direction }) => direction === 'out')
    .slice(0, MOST_ROWS)
    .map((edge) => pair(peerOf(edge), count(socketsOf(edge))));
  return [
    ...flow(states, width),
    ...(queues.length > 0 ? [[span('listening on', 'muted')], ...flow(queues, width)] : []),
    ...(peers.length > 0 ? [[span('connected to', 'muted')], ...flow(peers, width)] : []),
  ];
}

/** Those that ever moved; a namespace begins at zero. */
function rateLines(name: string, state: FaultlineState, width: number): Line[] {
  const rate = (counter: string) => state.series.get(`kernel.${counter}{${name}}`)?.fromEnd(0)?.value;
  const items = KERNEL_COUNTERS.filter((counter) => counter !== 'Tcp.CurrEstab').flatMap((counter) => {
    const value = rate(counter);
    return value === undefined || Number.isNaN(value) ? [] : [pair(counter, perSecond(value))];
  });
  const again = rate('retransPercent');
  const share = again === undefined || Number.isNaN(again) ? [] : [pair('sent again', percent(again))];
  return items.length === 0 ? [] : flow([...share, ...items], width);
}

function conntrackLines({ conntrack }: InsideSample, width: number): Line[] {
  if (!conntrack) return [];
  const { count: entries, max, fill, timeouts } = conntrack;
  const entriesText =
    fill === null ? `${count(entries)}, no limit` : `${count(entries)} of ${count(max)} (${percentOf(fill)})`;
  const shown = Object.entries(timeouts).filter(
    ([name]) => TIMEOUTS.includes(name) || name.startsWith('udp'),
  );
  return [
    ...flow([pair('entries', entriesText)], width),
    ...flow(
      shown.map(([name, seconds]) => pair(name, `${count(seconds)} s`)),
      width,
    ),
  ];
}

function routeLines({ interfaces, routes, routeMtus }: InsideSample, width: number): Line[] {
  const ports = (interfaces ?? []).map(({ name, mtu, up, running }) =>
    pair(name, `MTU ${count(mtu)} ${up ? (running ? 'up' : 'no carrier') : 'down'}`),
  );
  const ways = (routes ?? []).slice(0, MOST_ROWS).map((route): Line => {
    const via = route.reject ? 'leads nowhere' : route.gateway ? `via ${route.gateway}` : 'direct';
    return [span(route.destination), span(`  ${via}  ${route.interface}`, 'muted')];
  });
  const mtus = (routeMtus ?? []).slice(0, MOST_ROWS).map(({ destination, mtu }): Line => {
    return [span(destination), span(`  MTU ${count(mtu)}`, 'strong')];
  });
  return [...(ports.length > 0 ? flow(ports, width) : []), ...ways, ...mtus];
}

function resolverLines({ resolver, libc }: InsideSample, width: number): Line[] {
  if (!resolver) return [];
  const { nameservers, search, ndots, timeoutSeconds, attempts, options } = resolver;
  return flow(
    [
      pair('nameserver', nameservers.join(', ')),
      pair('search', search.join(' ') || '(none)'),
      pair('ndots', String(ndots)),
      pair('timeout', `${timeoutSeconds} s, ${attempts} rounds`),
      ...(options.length > 0 ? [pair('options', options.join(' '))] : []),
      pair('C library', libc ?? 'none, or unknown'),
    ],
    width,
  );
}

function lookupLines(name: string, state: FaultlineState): Line[] {
  const latest = state.latest.lookups?.[name];
  if (!latest) return [];
  const asked = latest.sample.names.map((each): Line => {
    const given = isGiven(latest.sample.names, each);
    const level = each.resolved ? 'ok' : given ? 'notice' : 'critical';
    const outcomes = [...new Set(each.steps.map(({ outcome }) => outcome))].join(', ');
    return [
      span(`${LEVEL_SYMBOL[level]} ${each.resolved ? 'resolved' : 'no address'}`, LEVEL_TONE[level]),
      span(`  ${each.name}`, 'strong'),
      span(`  ${outcomes} in ${duration(each.totalMs)} by ${each.resolver}`),
      span(each.late.length > 0 ? `  ${each.late.length} answers came too late` : '', 'warning'),
    ];
  });
  const hosts = latest.sample.fromHosts.map((each): Line => {
    return [span(each.name, 'strong'), span(`  ${each.addresses.join(', ')} of its /etc/hosts`, 'muted')];
  });
  return [...asked, ...hosts];
}
