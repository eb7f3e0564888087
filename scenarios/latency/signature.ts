import { database } from '../../source/diagnosis/facts/database.js';
import { packetsFix } from '../../source/diagnosis/facts/packets-fix.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import { slowestTarget } from '../../source/diagnosis/facts/slow-targets.js';
import { newest } from '../../source/diagnosis/facts/values.js';
import { peersOf, ways } from '../../source/diagnosis/facts/ways.js';
import { nothingSeen } from '../../source/diagnosis/nothing-seen.js';
import { workloadPlace } from '../../source/diagnosis/places.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf, worstResending } from './evidence.js';
import { nobodySlow, type SlowEnd, slowEnd } from './slow-end.js';
import { THRESHOLDS } from './thresholds.js';

/** Every packet to or from one container is late, and none is lost. */
export const signature: Signature = {
  id: 'latency',
  forMs: 2000,
  keepMs: 8000,
  explains: ['http-errors', 'service-hung', 'database-down', 'retransmission', 'packet-loss'],
  assess,
};

function assess(history: History): Assessment | undefined {
  if (ways(history).length === 0) return undefined;
  const end = slowEnd(history);
  if (!end) return nothing(nobodySlow(history));
  const worst = worstResending(history, end);
  const lost = worst !== undefined && worst.newest > THRESHOLDS.resent.much;
  const added = Math.max(0, end.now - end.usual);
  return {
    target: `${peersText(history, end)} ↔ ${end.name}`,
    raise: end.sure && !lost,
    clear: false,
    title: `Every connection with ${end.name} takes ${duration(added)} longer: its packets are delayed`,
    severity: 'critical',
    base: 0.4,
    evidence: evidenceOf(history, end),
    ruledOut: rivals(history, end, worst?.percent),
    fix: [
      packetsFix(history, end.name, 'delays'),
      { when: 'later', text: 'deadlines in the clients, shorter than their own callers wait' },
      {
        when: 'later',
        text: 'connection pool: a connection takes several ways there and back, a query takes one',
        action: { name: 'harden', argument: 'pool' },
      },
    ],
    story: story(history, end, added),
    since: end.since,
    reach: { seenAt: [workloadPlace(end.name)] },
  };
}

const nothing = (clear: boolean): Assessment =>
  nothingSeen({
    target: 'connections between containers',
    title: 'Connections between containers were slow',
    severity: 'warning',
    base: 0.3,
    clear,
  });

const peersText = (history: History, { name, ways: its }: SlowEnd): string =>
  whoText(history, peersOf(its, name));

function rivals(history: History, end: SlowEnd, resent: number | undefined): Assessment['ruledOut'] {
  const own: { id: string; title: string; because: string }[] = [];
  if (resent !== undefined && resent <= THRESHOLDS.resent.clear)
    own.push({
      id: 'packet-loss',
      title: 'lost packets',
      because: `${resent.toFixed(1)} % sent again, and no connection takes 1 s or 3 s`,
    });
  const share = newest(history, `service.throttled{${end.name}}`, 15_000);
  if (share !== undefined && share < 5)
    own.push({
      id: 'cpu-limit',
      title: 'a CPU limit',
      because: `${Math.round(share)} % of its periods are throttled`,
    });
  const asked = database(history);
  if (asked?.selectOneMs != null && asked.failure === null)
    own.push({
      id: 'database-down',
      title: 'a slow database',
      because:
        asked.selectOneMs > end.now / 2 && asked.selectOneMs < end.now * 1.5 + 20
          ? `SELECT 1 in ${duration(asked.selectOneMs)}: that is the way there and back`
          : `SELECT 1 in ${duration(asked.selectOneMs)}`,
    });
  return [
    ...own,
    ...ruledOut(history, [
      'resolver-dead',
      'name-missing',
      'traffic-spike',
      'service-stopped',
      'service-hung',
    ]),
  ];
}

function story(history: History, end: SlowEnd, added: number): string[] {
  const lines = [
    `from ${peersText(history, end)}: ${duration(end.now)} to connect where ${duration(end.usual)} is usual, before a word is said`,
  ];
  const slow = slowestTarget(history, end.since);
  if (slow && added > 0) {
    const trips = Math.round((slow.now - slow.usual) / added);
    const many = trips > 1 ? `, ${trips} ways there and back` : '';
    lines.push(`${slow.target} takes ${duration(slow.now)} instead of ${duration(slow.usual)}${many}`);
  }
  if (end.others.count > 0)
    lines.push(`what does not touch ${end.name} connects in ${duration(end.others.ms)}`);
  return lines;
}
