import { gather, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { sickApp } from '../../source/diagnosis/facts/context.js';
import {
  datastoreFill,
  datastoreName,
  datastores,
  fullByWords,
  isDownDatastore,
  isFullDatastore,
  seenAtDatastore,
} from '../../source/diagnosis/facts/datastores.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import { failures } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Datastore, LogMatch } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** Databases that are judged by what they say before a login, and by their own processes and configuration. */
export const unentered = (history: History): Candidate[] =>
  datastores(history)
    .filter((one) => !isDownDatastore(one))
    .map((one) => candidate(history, one));

/** That every one whose slots are known has room: "PostgreSQL in db: 4 of 100 connections in use". */
export function clearedUnentered(history: History): string | undefined {
  const all = datastores(history).filter(({ state }) => state === 'alive');
  const known = all.flatMap((one) => ((datastoreFill(one) ?? 1) < THRESHOLDS.slotsUsed.clear ? [one] : []));
  const [first] = known;
  if (!first?.slots || known.length < all.length) return undefined;
  return `${datastoreName(first)}: ${first.slots.held} of ${first.slots.most} connections in use`;
}

function candidate(history: History, one: Datastore): Candidate {
  const { raise, clear } = THRESHOLDS.slotsUsed;
  const told = toldOf(history, one);
  const fill = datastoreFill(one);
  const full = isFullDatastore(one) || told !== undefined;
  const name = datastoreName(one);
  return {
    subject: { kind: 'listener', id: one.address },
    target: `${sickApp(history)?.label ?? 'clients'} → ${name}`,
    raise: full || (fill !== undefined && fill > raise),
    clear: !full && (fill === undefined || fill < clear),
    title: full ? `${name} is out of connections` : `${name} is nearly out of connections`,
    severity: full ? 'critical' : 'warning',
    evidence: gather(
      turnedAway(one),
      used(one, fill),
      holders(one),
      told && supports(THRESHOLDS.logLines, { ...logRow(told, 'none'), weight: LINES_WEIGHT }),
      failingRow(history, THRESHOLDS.failingTargets),
    ),
    ruledOut:
      one.answerMs === null
        ? []
        : [
            {
              id: 'database-down',
              title: 'a dead database',
              because: `it runs and answers in ${duration(one.answerMs)}`,
            },
          ],
    fix: fixes(one),
    explanation: explanation(one),
    since: one.state === 'full' ? (failures(history, `datastores.ok{${one.address}}`)?.since ?? null) : null,
    radius: aroundDatabase(history, one),
    seenAt: seenAtDatastore(one),
  };
}

/** Lines in which a server's own words are quoted are as good as hearing them. */
const LINES_WEIGHT = 0.25;

/** What it, or a client of the only one of its product, logs of its being full. */
function toldOf(history: History, { kind, workload }: Datastore): LogMatch | undefined {
  const alone = datastores(history).filter((other) => other.kind === kind).length === 1;
  return logged(history, 'too-many-connections').find(
    ({ service, lastLine }) => fullByWords(lastLine) === kind && (alone || service === workload),
  );
}

function turnedAway({ state, said, address, askedAt }: Datastore): WeightedEvidence | undefined {
  if (state !== 'full') return undefined;
  const row = { signal: `datastores.ok{${address}}`, value: `${said} (${address})`, at: askedAt };
  return supports(THRESHOLDS.turnedAway, row);
}

function used({ slots, address }: Datastore, fill: number | undefined): WeightedEvidence | undefined {
  if (fill === undefined || !slots) return undefined;
  const of = slots.reserved > 0 ? `${slots.most} less ${slots.reserved} reserved` : String(slots.most);
  const row = {
    signal: `datastores.clients{${address}}`,
    reading: fill,
    value: `${slots.held} connections of ${of} (${percentOf(Math.min(1, fill))})`,
  };
  return fill >= THRESHOLDS.everySlot.value
    ? supports(THRESHOLDS.everySlot, row)
    : weigh(fill > THRESHOLDS.slotsUsed.raise, THRESHOLDS.slotsUsed, row);
}

const total = ({ slots, clients }: Datastore): number | null => slots?.held ?? clients;

/** "19 of 20 are held by 172.18.0.1 (process python3 of this host), role shop, idle". */
function holderText(one: Datastore): string | undefined {
  const [first] = one.holders;
  const held = total(one);
  if (!first || !held) return undefined;
  const who = first.who === null ? first.peer : `${first.peer} (${first.who})`;
  return `${first.count} of ${Math.max(held, first.count)} are held by ${who}${first.detail === null ? '' : `, ${first.detail}`}`;
}

function holders(one: Datastore): WeightedEvidence | undefined {
  const [first] = one.holders;
  const value = holderText(one);
  const held = total(one);
  if (!first || value === undefined || !held || first.count < held * THRESHOLDS.largestHolder.value)
    return undefined;
  return supports(THRESHOLDS.largestHolder, {
    signal: 'datastores.holders',
    reading: first.count / held,
    value,
  });
}

function fixes(one: Datastore): Fix[] {
  const [first] = one.holders;
  const inside = one.workload === null ? '' : `docker exec ${one.workload} `;
  const whose = first?.who ?? first?.peer;
  const text = whose
    ? `stop or mend ${whose}, which holds ${first?.count} of them`
    : 'find the client that holds them, and stop or mend it';
  return [
    { when: 'now', text, command: `${inside}${commandOf(one)}` },
    later('connection pool in the application: a few connections, reused', 'pool'),
  ];
}

/** Who holds them, in the product's own words: nothing is ended by it. */
function commandOf({ kind }: Datastore): string {
  if (kind === 'mysql') return 'mysql -e "show processlist"';
  if (kind === 'redis') return 'redis-cli client list';
  if (kind === 'pgbouncer') return 'psql -p 6432 pgbouncer -c "show clients"';
  return 'psql -U postgres -c "select client_addr, usename, state, count(*) from pg_stat_activity group by 1, 2, 3 order by 4 desc"';
}

function explanation(one: Datastore): string[] {
  const { slots, state, said } = one;
  const reserved = slots && slots.reserved > 0 ? `, ${slots.reserved} of them reserved for superusers` : '';
  return gather(
    slots?.most != null ? `${slots.held} connections of ${slots.most}${reserved}` : undefined,
    holderText(one),
    state === 'full' && `clients are told: ${said}`,
  );
}
