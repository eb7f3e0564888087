import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import type { StaleAddress } from '../../source/diagnosis/facts/removed.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { clientsText } from '../../source/diagnosis/facts/services.js';
import { type StaleCase, staleCases } from '../../source/diagnosis/facts/stale-cases.js';
import { staleFixes } from '../../source/diagnosis/facts/stale-fixes.js';
import {
  agoText,
  howAsked,
  movedText,
  staleTitle,
  triesText,
} from '../../source/diagnosis/facts/stale-texts.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { listed } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  attempts: {
    unit: 'attempts',
    windowMs: 15_000,
    weight: 0.2,
    reads: 'a connection',
    source: 'our choice: a client that needs it tries again within 15 s',
  },
  nobody: {
    unit: '',
    weight: 0.25,
    reads: 'an answer to ARP',
    source: 'arp(7): who has an address on a wire says so within a millisecond',
  },
  removed: { unit: 'ms', weight: 0.3, reads: 'there', source: 'docker events: destroy' },
  settled: {
    unit: 'ms',
    value: 5_000,
    source: 'our choice: who connected or looked the name up before may still be at the old address',
  },
  lasting: { unit: 'ms', value: 20_000, source: 'our choice: a SYN is sent again after 1, 3, 7 and 15 s' },
  answered: {
    unit: 'connections',
    weight: 0.2,
    reads: 'a connection at the new address',
    source: 'the engine: who has the address was started after the name had left it',
  },
  askedByName: {
    unit: 'clients',
    weight: 0.2,
    reads: 'nobody asks for it',
    source: 'the lookups of its clients, as they are seen or asked again',
  },
  failingUsers: failingTargets(0.05),
} as const satisfies Thresholds;

/** A container that was removed, or an address on a wire of this machine that nobody has, and somebody still asks for. */
export const mode = defineMode({
  id: 'stale-dns',
  called: 'a stale address',
  scope: 'workload',
  inputs: [['services', 'sockets']],
  forMs: 1500,
  keepMs: 8000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: [
    ...['http-errors', 'partition', 'name-missing', 'dns-failure', 'service-hung', 'database-down'],
    ...['retransmission', 'packet-loss', 'listen-overflow', 'close-wait-leak', 'service-stopped'],
  ],
  rivals: ['resolver-dead', 'conntrack-full'],
  detect: (history) => staleCases(history, THRESHOLDS).map((one) => candidate(history, one)),
  clears: () => undefined,
});

function candidate(history: History, one: StaleCase): Candidate {
  const { subject, name, clients, addresses, isOwner, removedAt, radius } = one;
  const who = clientsText(history, clients);
  const { targets, any } = failingAt(history, radius);
  return {
    subject,
    target: `${who} → ${name}`,
    raise: true,
    title: staleTitle(history, one, who),
    severity: any ? 'critical' : 'warning',
    evidence: gather(
      removal(history, one),
      lookups(history, one),
      ...addresses.slice(0, 3).map(attempts),
      failingRow(targets, THRESHOLDS.failingUsers),
    ),
    ruledOut: addresses.some(({ silentOn }) => silentOn !== undefined)
      ? [{ id: 'partition', because: 'its own wire does not know the address' }]
      : [],
    fix: staleFixes(history, one, who),
    explanation: [howAsked(one), ...movedText(history, one)],
    since: isOwner ? (removedAt ?? null) : earliest(...addresses.map(({ since }) => since)),
    radius,
  };
}

function removal(history: History, { owners, removedAt }: StaleCase): WeightedEvidence | undefined {
  if (removedAt === undefined) return undefined;
  return supports(THRESHOLDS.removed, {
    signal: 'events.destroy',
    reading: history.now - removedAt,
    value: `${listed(owners.map(({ name }) => name))}: removed ${agoText(history, removedAt)}, and not back under that name`,
    at: removedAt,
  });
}

function lookups(history: History, { byName, owners }: StaleCase): WeightedEvidence | undefined {
  if (byName.length === 0) return undefined;
  return supports(THRESHOLDS.askedByName, {
    signal: 'dns.ok',
    reading: byName.length,
    value: `${clientsText(history, byName)} asked for ${owners[0]?.names[0]} and was given no address`,
  });
}

function attempts(one: StaleAddress): WeightedEvidence {
  const { waiting, failed, opened = 0, silentOn } = one;
  const tried = waiting + failed;
  const isAnswered = tried === 0 && opened > 0;
  const threshold = silentOn === undefined ? THRESHOLDS.attempts : THRESHOLDS.nobody;
  return supports(isAnswered ? THRESHOLDS.answered : threshold, {
    signal: 'sockets.edges',
    reading: isAnswered ? opened : tried,
    value: triesText(one, THRESHOLDS.attempts.windowMs),
  });
}
