import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { askedBehindSince } from '../facts/connections.js';
import { sickApp } from '../facts/context.js';
import { lookupsTroubled } from '../facts/dns.js';
import { byAddress, failing, names, type TargetView, targets } from '../facts/http.js';
import { ruledOut } from '../facts/rivals.js';
import { earliest, lastAll } from '../facts/values.js';
import { supports } from '../old-evidence.js';
import { placeOf } from '../places.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  /** Failed runs in a row; a run that timed out has waited long enough to count alone. */
  runs: { value: 2, source: 'our choice: one failed run may be a restart' },
  /** Requests that hang while lookups are sick, or what is behind was not asked since: their cause gets this long to be named before the symptom (ms). */
  patienceMs: 10_000,
} as const;

/** A target fails and nothing better explains it: a symptom, so that a failing target is never called healthy. */
export const httpErrors: Signature = {
  id: 'http-errors',
  forMs: 3000,
  keepMs: 3000,
  explains: [],
  assess,
};

function assess(history: History): Assessment | undefined {
  const all = targets(history);
  if (all.length === 0) return undefined;
  const sick = failing(history);
  const app = sickApp(history);
  const since = earliest(...sick.map((view) => view.failingSince));
  const lasting = since === null ? 0 : history.now - since;
  const first = sick[0];
  return {
    target: app ? `users → ${app.label}` : 'users',
    raise: sick.some(isFailing) && (!waitsForOthers(history, sick) || lasting >= THRESHOLDS.patienceMs),
    clear: all.every((view) => lastAll(history, `http.ok{${view.target}}`, 2, (value) => value === 1)),
    title: first ? titleOf(sick, all.length) : 'HTTP requests failed',
    severity: 'warning',
    base: 0.3,
    evidence: sick.slice(0, 5).map((view) =>
      supports(0.05, {
        signal: `http.ok{${view.target}}`,
        value: `${textOf(view)}, ${plural(view.failed, 'run')} in a row`,
        threshold: `${THRESHOLDS.runs.value} runs`,
        source: THRESHOLDS.runs.source,
      }),
    ),
    ruledOut: ruledOut(history, [
      'database-down',
      'database-connections',
      'resolver-dead',
      'service-stopped',
    ]),
    fix: [
      {
        when: 'now',
        text: 'the cause does not show from here: read the log at the first failure',
        command: app?.service?.container
          ? `docker logs --tail 50 ${app.service.name}`
          : `curl -sv ${first?.sample.url ?? ''}`,
      },
    ],
    story: sick
      .slice(0, 3)
      .map((view) => `${view.target}: ${inShort(view)} (${duration(view.sample.totalMs)})`),
    since,
    reach: { seenAt: [...byAddress(sick).keys()].map(placeOf) },
  };
}

/** Whether every failing target hangs where one that waits for a lookup or for a container behind it would hang. */
function waitsForOthers(history: History, sick: readonly TargetView[]): boolean {
  if (sick.some((view) => view.sample.failure?.phase !== 'firstByte')) return false;
  const began = Math.min(...sick.map(({ at, sample }) => at - sample.totalMs));
  return lookupsTroubled(history, 12_000) || !askedBehindSince(history, began);
}

const isFailing = (view: TargetView): boolean =>
  view.failed >= THRESHOLDS.runs.value || view.sample.failure?.kind === 'timeout';

const textOf = ({ sample }: TargetView): string =>
  sample.failure?.text ?? (sample.status === null ? 'no answer (000)' : `status ${sample.status}`);

/** Without its explanation: that stands with the evidence. */
const inShort = (view: TargetView): string => textOf(view).split(': ')[0] ?? '';

function titleOf(sick: readonly TargetView[], of: number): string {
  const kinds = new Set(sick.map((view) => view.sample.status ?? view.sample.failure?.kind ?? 'no answer'));
  const kind = kinds.size === 1 ? ` (${[...kinds][0]})` : '';
  return `${names(sick)} ${sick.length === 1 ? 'fails' : 'fail'}${kind}: ${sick.length} of ${plural(of, 'target')}`;
}
