import { KERNEL_COUNTERS, type SocketsSample, TCP_STATES, type TcpState } from '../source/probes/samples.js';
import { levelOfQueue, levelOfState, MANY_ON_HOST } from '../source/store/signs/sockets.js';
import type { FaultlineState } from '../source/store/state.js';
import { count, perSecond } from '../source/terminal/format.js';
import { type Content, type Line, lines, type Span, span, type View } from './panel.js';
import { rightText } from './widgets/age.js';
import { flow } from './widgets/flow.js';
import { LEVEL_TONE } from './widgets/levels.js';
import { unreadLines } from './widgets/unread.js';

/** States that are shown even at zero: their absence is an answer. */
const ALWAYS: readonly TcpState[] = ['ESTAB', 'SYN-SENT', 'SYN-RECV', 'CLOSE-WAIT', 'TIME-WAIT'];

/** Sockets by state, listen queues, pending DNS queries, sockets per service, busiest peers, kernel rates. */
export function socketsContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.sockets;
  if (!latest) return lines(unreadLines(state, (health) => health.id === 'sockets', view.width));
  const { sample } = latest;
  const all: Line[] = [
    ...stateLines(sample, view.width),
    ...listLine('listen queues', listeners(sample), view.width),
    ...listLine('pending DNS', askers(sample), view.width),
    ...listLine('per service', services(sample), view.width),
    ...peerLines(sample),
    ...rateLines(state, view),
    ...sample.missing.map((text) => [span(`? ${text}`, 'unknown')]),
  ];
  return lines(all, { right: rightText(latest, state.now, sample.means) });
}

function stateLines(sample: SocketsSample, width: number): Line[] {
  const items = TCP_STATES.filter((name) => ALWAYS.includes(name) || (sample.total[name] ?? 0) > 0).map(
    (name): Span[] => {
      const value = sample.total[name];
      const level = levelOfState(MANY_ON_HOST, name, value);
      return [
        span(`${name} `, 'muted'),
        span(value === undefined ? '–' : count(value), level === 'ok' ? 'strong' : LEVEL_TONE[level]),
      ];
    },
  );
  return flow(items, width);
}

function listLine(title: string, items: readonly Span[], width: number): Line[] {
  if (items.length === 0) return [];
  const wide = width >= 50;
  const head = span(wide ? title.padEnd(15) : `${title}  `, 'muted');
  return [[head, ...items.flatMap((item, index) => (index === 0 ? [item] : [span(' · '), item]))]];
}

function listeners(sample: SocketsSample): readonly Span[] {
  return [...sample.listeners]
    .filter((queue) => queue.service !== null || queue.queued > 0)
    .map((queue) => {
      const level = levelOfQueue(queue);
      const name = queue.service ?? `${queue.address}:${queue.port}`;
      return span(
        `${name} ${queue.queued}/${queue.backlog ?? '?'}`,
        level === 'ok' ? undefined : LEVEL_TONE[level],
      );
    });
}

const askers = (sample: SocketsSample) =>
  sample.dnsAskers.map((asker) => span(`${asker.count} ${'→'} ${asker.resolver}`));

const services = (sample: SocketsSample) =>
  sample.perService.map((own) => span(`${own.service} ${own.inbound} in, ${own.outbound} out`));

function peerLines(sample: SocketsSample): Line[] {
  return (['CLOSE-WAIT', 'SYN-SENT', 'SYN-RECV'] as const).flatMap((name) => {
    const peers = sample.topPeers[name].filter((peer) => peer.count > 0);
    if (peers.length === 0) return [];
    const text = peers.map((peer) => `${peer.peer} ${count(peer.count)}`).join(' · ');
    return [[span(`${name} with  `, 'muted'), span(text)]];
  });
}

/** Kernel counters that moved, as rates a second; opened alone, all of them. */
function rateLines(state: FaultlineState, view: View): Line[] {
  const items = KERNEL_COUNTERS.flatMap((name) => {
    // A number of connections, not a counter: ESTAB above says it.
    if (name === 'Tcp.CurrEstab') return [];
    if (!view.alone && (name === 'Tcp.InSegs' || name === 'Tcp.OutSegs')) return [];
    const value = state.series.get(`kernel.${name}`)?.fromEnd(0)?.value;
    if (value === undefined || (Number.isNaN(value) && !view.alone) || (!view.alone && value === 0))
      return [];
    const short = name.replace(/^(Tcp|TcpExt|Udp)\./, view.alone ? '$1.' : '');
    return [[span(`${short} `, 'muted'), span(Number.isNaN(value) ? '–' : perSecond(value))]];
  });
  if (items.length === 0) return [];
  return view.alone
    ? [[], [span('kernel counters, per second', 'title')], ...flow(items, view.width)]
    : flow(items, view.width);
}
