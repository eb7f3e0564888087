import type { History } from '../../store/history.js';
import { perSecond } from '../../terminal/format.js';
import { average, fresh, known } from '../facts/values.js';
import { gather, supports } from '../old-evidence.js';
import { placeOf } from '../places.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  /** Connections dropped a second, mean of the window. */
  overflows: { raise: 1, critical: 5, clear: 0.2, source: 'Netdata 1m_tcp_accept_queue_overflows: 1/s, 5/s' },
  windowMs: 20_000,
  queue: 'ss(8): full when Recv-Q exceeds Send-Q of a LISTEN socket',
} as const;

/** A listener's queue is full: clients wait one or three seconds and try again, or give up. */
export const listenOverflow: Signature = {
  id: 'listen-overflow',
  forMs: 5000,
  keepMs: 20_000,
  explains: ['http-errors'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const rate = average(history, 'kernel.TcpExt.ListenOverflows', THRESHOLDS.windowMs);
  const listeners = fresh(history.latest.sockets)?.listeners ?? [];
  if (rate === undefined && !history.latest.sockets) return undefined;
  const full = listeners.find(
    (queue) => queue.backlog !== null && queue.backlog > 0 && queue.queued > queue.backlog,
  );
  const { raise, critical, clear, source } = THRESHOLDS.overflows;
  const overflowing = rate !== undefined && rate > raise;
  const where = full ? `${full.service ?? full.address} port ${full.port}` : 'a listener of this host';
  return {
    target: where,
    raise: overflowing || full !== undefined,
    clear: (rate ?? 0) < clear && full === undefined,
    title: full
      ? `The listen queue of ${where} is full`
      : 'A listen queue overflows: connections are dropped',
    severity: rate !== undefined && rate > critical ? 'critical' : 'warning',
    base: 0.5,
    evidence: gather(
      overflowing
        ? supports(0.25, {
            signal: 'kernel.TcpExt.ListenOverflows',
            value: perSecond(rate),
            threshold: `${raise} /s`,
            source,
          })
        : undefined,
      full &&
        supports(0.2, {
          signal: 'sockets.listeners',
          value: `${full.queued} of ${full.backlog} wait on port ${full.port}`,
          threshold: `${full.backlog}`,
          source: THRESHOLDS.queue,
        }),
    ),
    ruledOut: [],
    fix: [
      { when: 'now', text: 'see why the service does not accept: it is stuck, or has too few workers' },
      {
        when: 'later',
        text: 'a longer queue, once the service keeps up',
        command: 'sysctl -w net.core.somaxconn=4096   # and the backlog the service asks for',
      },
    ],
    story: [
      full ? `${full.queued} connections wait where ${full.backlog} may` : `${perSecond(rate ?? 0)} dropped`,
    ],
    since:
      known(history, 'kernel.TcpExt.ListenOverflows', THRESHOLDS.windowMs).find((point) => point.value > 0)
        ?.at ?? null,
    reach: full ? { seenAt: [placeOf(`${full.address}:${full.port}`)] } : {},
  };
}
