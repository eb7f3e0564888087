import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports } from '../../source/diagnosis/evidence.js';
import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { askedBehindSince } from '../../source/diagnosis/facts/connections.js';
import { lookupsTroubled } from '../../source/diagnosis/facts/dns.js';
import { byAddress, names, sentAt, type TargetView, targets } from '../../source/diagnosis/facts/http.js';
import { serviceAt } from '../../source/diagnosis/facts/services.js';
import { earliest, lastAll } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { HttpFailureKind } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  failedRuns: {
    unit: 'runs',
    value: 2,
    weight: 0.05,
    source:
      'our choice: one failed run may be a restart; one that timed out has waited long enough to count alone',
  },
  goodRuns: { unit: 'runs', value: 2, source: 'our choice: one good run of a target may be luck' },
  patience: {
    unit: 'ms',
    value: 10_000,
    source:
      'our choice: what hangs while lookups are sick, or while what is behind was not tried since, gets this long to be named by its cause',
  },
  lateLookups: {
    unit: 'ms',
    value: 12_000,
    source: 'resolv.conf(5): two tries of 5 s are one lookup in vain, and room for a late reading',
  },
} as const satisfies Thresholds;

/** What is served at an address fails and nothing better explains it: so that a failing target is never called well. */
export const mode = defineMode({
  id: 'http-errors',
  called: 'failing requests',
  scope: 'target',
  symptom: true,
  inputs: ['http'],
  forMs: 3000,
  keepMs: 3000,
  minSamples: 1,
  base: 0.3,
  thresholds: THRESHOLDS,
  explains: [],
  followsFrom: ['close-wait-leak'],
  rivals: ['database-down', 'database-connections', 'resolver-dead', 'service-stopped'],
  detect: (history) =>
    [...byAddress(targets(history))].flatMap(([address, views]) => {
      const [first, ...rest] = views.filter(({ sample }) => !sample.ok);
      return first ? [candidate(history, { address, sick: [first, ...rest], of: views.length })] : [];
    }),
  clears(history) {
    const all = targets(history);
    if (all.length === 0 || all.some(({ sample }) => !sample.ok)) return undefined;
    const slowest = Math.max(...all.map(({ sample }) => sample.totalMs));
    return `every target answers well, the slowest in ${duration(slowest)}`;
  },
  persists: (history, { id }) =>
    targets(history).some(
      ({ address, target }) =>
        address === id &&
        !lastAll(history, `http.ok{${target}}`, THRESHOLDS.goodRuns.value, (value) => value === 1),
    ),
});

/** The targets of one address of which some fail. */
interface Failing {
  readonly address: string;
  readonly sick: readonly [TargetView, ...TargetView[]];
  /** How many targets the address has. */
  readonly of: number;
}

function candidate(history: History, { address, sick, of }: Failing): Candidate {
  const service = serviceAt(history, address);
  const since = earliest(...sick.map((view) => view.failingSince));
  const lasting = since === null ? 0 : history.now - since;
  return {
    subject: { kind: 'target', id: address },
    target: `users → ${service?.name ?? address}`,
    raise: sick.some(isFailing) && (!waitsForOthers(history, sick) || lasting >= THRESHOLDS.patience.value),
    title: titleOf(sick, of),
    severity: 'warning',
    evidence: sick.slice(0, 5).map((view) =>
      supports(THRESHOLDS.failedRuns, {
        signal: `http.ok{${view.target}}`,
        reading: view.failed,
        value: `${textOf(view)}, ${plural(view.failed, 'run')} in a row`,
      }),
    ),
    fix: [fixOf(sick[0], address, service?.container ? service.name : undefined)],
    explanation: sick
      .slice(0, 3)
      .map((view) => `${view.target}: ${inShort(view)} (${duration(view.sample.totalMs)})`),
    since,
  };
}

/** Whether every failing target hangs where one that waits for a lookup or for a container behind it would hang. */
function waitsForOthers(history: History, sick: readonly TargetView[]): boolean {
  if (sick.some((view) => view.sample.failure?.phase !== 'firstByte')) return false;
  return lookupsTroubled(history, THRESHOLDS.lateLookups.value) || !askedBehindSince(history, sentAt(sick));
}

const isFailing = (view: TargetView): boolean =>
  view.failed >= THRESHOLDS.failedRuns.value || view.sample.failure?.kind === 'timeout';

const textOf = ({ sample }: TargetView): string =>
  sample.failure?.text ?? (sample.status === null ? 'no answer (000)' : `status ${sample.status}`);

/** Without its explanation: that stands with the evidence. */
const inShort = (view: TargetView): string => textOf(view).split(': ')[0] ?? '';

/** `GET /, GET /todos fail with status 500: 2 of 4 targets`. */
function titleOf(sick: readonly TargetView[], of: number): string {
  const how = [...new Set(sick.map(howOf))].join(' and ');
  const title = `${names(sick)} ${sick.length === 1 ? 'fails' : 'fail'} with ${how}`;
  return of === 1 ? title : `${title}: ${sick.length} of ${plural(of, 'target')}`;
}

const HOW: Readonly<Record<Exclude<HttpFailureKind, 'status'>, string>> = {
  'no-name': 'a name that does not resolve',
  refused: 'a refused connection',
  reset: 'a reset connection',
  timeout: 'a timeout',
  unreachable: 'an unreachable address',
  protocol: 'an answer that is not HTTP',
  tls: 'a TLS error',
};

function howOf({ sample: { failure, status } }: TargetView): string {
  if (failure && failure.kind !== 'status') return HOW[failure.kind];
  return status === null ? 'no answer' : `status ${status}`;
}

function fixOf(first: TargetView, address: string, container: string | undefined): Fix {
  const { failure, url } = first.sample;
  if (failure?.kind === 'tls')
    return {
      when: 'now',
      text: 'see the certificate that it serves, its dates, its names and its chain',
      command: `openssl s_client -connect ${address} -servername ${splitAddress(address).host} </dev/null | openssl x509 -noout -subject -issuer -dates`,
    };
  return {
    when: 'now',
    text: 'the cause does not show from here: read the log at the first failure',
    command: container ? `docker logs --tail 50 ${container}` : `curl -sv ${url}`,
  };
}
