import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, weigh } from '../../source/diagnosis/evidence.js';
import { type CutClient, cutClients, silenceText } from '../../source/diagnosis/facts/cut-on-reuse.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { type ResetOnTheWay, serverWentOn } from '../../source/diagnosis/facts/forgotten.js';
import { aroundWays } from '../../source/diagnosis/facts/stuck-places.js';
import { sum } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import {
  FORGETS_SOONER,
  forgetfulRows,
  keepAliveFixes,
  RESET_ON_THE_WAY,
  RESETS,
  resetBetween,
  wherePut,
} from '../forgotten-idle.js';

const THRESHOLDS = {
  reset: RESETS,
  looks: {
    unit: 'looks',
    value: 2,
    source: 'our choice: what dies all at once dies with its server, or with its way',
  },
  lately: {
    unit: 'ms',
    value: 30_000,
    source: 'our choice: as long as a pool leaves a connection idle, mostly',
  },
  newFail: {
    unit: 'connections',
    value: 0,
    windowMs: 60_000,
    weight: 0.15,
    source: 'seed of this mode: the reconnect works, and is cut off again after the next silence',
  },
  ...RESET_ON_THE_WAY,
  forgetsSooner: FORGETS_SOONER,
} as const satisfies Thresholds;

/** A stateful middle has forgotten connections that were idle, and answers what comes on them with a reset. */
export const mode = defineMode({
  id: 'idle-reset',
  called: 'a reset of idle connections on the way',
  scope: 'connection',
  inputs: [['sockets', 'inside']],
  forMs: 0,
  keepMs: 10_000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'retransmission', 'unexplained'],
  rivals: ['service-stopped', 'container-kill', 'partition'],
  detect: (history) =>
    cutClients(history, { ...THRESHOLDS.reset, value: 1 })
      .flat()
      .flatMap((cut) => {
        const how = resetBetween(history, cut);
        return how ? [candidate(history, cut, how)] : [];
      }),
  clears: () => undefined,
});

function candidate(history: History, cut: CutClient, { byServer }: ResetOnTheWay): Candidate {
  const { who, server, owner, edge, byReset, looks, idleMs, since, opened } = cut;
  const radius = aroundWays(history, [edge]);
  const failed = sum(history, `edge.failed${edge.label}`, THRESHOLDS.newFail.windowMs);
  const isSure = byServer !== null || serverWentOn(history, cut, THRESHOLDS.reset.windowMs);
  const isRecent = history.now - cut.lastAt <= THRESHOLDS.lately.value;
  return {
    subject: { kind: 'connection', id: `idle from ${owner ?? 'this host'} to ${server}` },
    target: `${who} → ${server}`,
    raise: looks >= THRESHOLDS.looks.value && isRecent && failed === 0 && isSure,
    clear: !isRecent,
    title: `Idle connections from ${who} to ${server} are reset ${wherePut(history, idleMs.least)}: ${byReset} after ${silenceText(cut)} without data`,
    severity: failingAt(history, radius).any ? 'critical' : 'warning',
    evidence: gather(
      supports(THRESHOLDS.reset, {
        signal: `edge.cutByReset${edge.label}`,
        reading: byReset,
        value: `${plural(byReset, 'kept connection')} reset as they were used again, after ${silenceText(cut)} of silence; none ended in order after so long`,
      }),
      supports(THRESHOLDS.newFail, {
        signal: `edge.opened${edge.label}`,
        reading: 0,
        value: `${plural(opened, 'new connection')} came about meanwhile, none failed`,
      }),
      byServer !== null &&
        weigh(true, THRESHOLDS.byServer, {
          signal: `kernel.Tcp.OutRsts{${server}}`,
          reading: byServer,
          value: `${server} itself sent ${plural(Math.round(byServer), 'reset')} meanwhile`,
        }),
      ...forgetfulRows(history, idleMs.least),
    ),
    ruledOut: [
      {
        id: 'keepalive-race',
        because:
          byServer === null
            ? `${server} is not seen to have closed any of them`
            : `${server} did not reset them`,
      },
    ],
    fix: keepAliveFixes(history, who, idleMs.least),
    explanation: [
      `what ${who} sends on a connection that was idle is answered with a reset, on a new one by ${server}`,
      'a NAT, firewall or balancer on the way tracks connections, and resets what belongs to none that it remembers',
    ],
    since,
    radius,
  };
}
