import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { sickApp } from '../../source/diagnosis/facts/context.js';
import { database, fillOf, isInnocent } from '../../source/diagnosis/facts/database.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failingRow, logsRow } from '../../source/diagnosis/facts/rows.js';
import { serviceAt } from '../../source/diagnosis/facts/services.js';
import { unreadSince } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { PostgresSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';
import { clearedUnentered, unentered } from './unentered.js';

/** Every connection slot an ordinary client may have is taken. */
export const mode = defineMode({
  id: 'database-connections',
  called: 'a full database',
  scope: 'listener',
  inputs: [['postgres', 'datastores']],
  forMs: 2500,
  keepMs: 5000,
  minSamples: 1,
  base: 0.45,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'close-wait-leak'],
  rivals: ['resolver-saturation', 'resolver-dead', 'name-missing', 'service-stopped', 'service-hung'],
  detect(history) {
    const sample = database(history);
    return [...(sample ? [candidate(history, sample)] : []), ...unentered(history)];
  },
  clears(history) {
    const sample = database(history);
    if (!sample) return clearedUnentered(history);
    if (isFull(sample) || sample.connections === null) return undefined;
    return isInnocent(sample) ? `${sample.connections} of ${sample.maxConnections} in use` : undefined;
  },
});

/** An ordinary client is turned away for want of a slot. */
const isFull = ({ failure }: PostgresSample): boolean => failure?.kind === 'too-many-connections';

function candidate(history: History, sample: PostgresSample): Candidate {
  const { raise, clear } = THRESHOLDS.slotsUsed;
  const fill = fillOf(sample);
  const full = isFull(sample);
  const client = sickApp(history)?.label ?? 'clients';
  const server = serviceAt(history, sample.address)?.name ?? sample.address;
  return {
    subject: { kind: 'listener', id: sample.address },
    target: `${client} → database ${server}`,
    raise: full || (fill !== undefined && fill > raise),
    clear: !full && sample.failure === null && fill !== undefined && fill < clear,
    title: full ? 'The database is out of connections' : 'The database is nearly out of connections',
    severity: full ? 'critical' : 'warning',
    evidence: gather(
      login(sample),
      used(sample, fill),
      holders(sample),
      failingRow(history, THRESHOLDS.failingTargets),
      logsRow(history, THRESHOLDS.logLines, 'too-many-connections'),
    ),
    ruledOut: running(sample),
    fix: fixes(sample),
    explanation: explanation(sample),
    since: full ? unreadSince(history, 'postgres.connect') : null,
    radius: aroundDatabase(history, sample),
  };
}

/** A refusal by the server is an answer: the database itself is up. */
function running(sample: PostgresSample): Rival[] {
  const { failure, selectOneMs } = sample;
  if (failure && !isFull(sample)) return [];
  if (!failure && selectOneMs === null) return [];
  const because = failure
    ? 'it runs, and refuses in its own words (53300)'
    : `it answers SELECT 1 in ${duration(selectOneMs ?? 0)}`;
  return [{ id: 'database-down', title: 'a dead database', because }];
}

function login(sample: PostgresSample): WeightedEvidence | undefined {
  const { failure, address } = sample;
  if (!failure) return undefined;
  const full = isFull(sample);
  const value = full ? `${failure.text} (${address})` : failure.text;
  return weigh(full, THRESHOLDS.turnedAway, { signal: 'postgres.connect', value });
}

function used(sample: PostgresSample, fill: number | undefined): WeightedEvidence {
  if (fill === undefined)
    return missing('postgres.connections', 'not readable without a reserved slot', 'connections in use');
  const free = `${sample.maxConnections} less ${sample.reserved ?? 0} reserved`;
  const value = `${plural(sample.connections ?? 0, 'connection')} of ${free} (${percentOf(Math.min(1, fill))})`;
  const row = { signal: 'postgres.connections', reading: fill, value };
  return weigh(fill > THRESHOLDS.slotsUsed.raise, THRESHOLDS.slotsUsed, row);
}

function holders({ holders: [first], connections }: PostgresSample): WeightedEvidence | undefined {
  if (!first || !connections || first.count < connections * THRESHOLDS.largestHolder.value) return undefined;
  return supports(THRESHOLDS.largestHolder, {
    signal: 'postgres.holders',
    reading: first.count / connections,
    value: `${first.application || 'an unnamed client'} holds ${first.count}, ${first.state}`,
  });
}

function fixes({ holders: [first] }: PostgresSample): Fix[] {
  const holder = first?.application;
  const whose = holder
    ? `where application_name = '${holder.replaceAll("'", "''")}'`
    : "where state = 'idle'";
  return [
    {
      when: 'now',
      // To restart the holder does not help: it takes them again.
      text: holder
        ? `stop ${holder}, then end the connections it still holds`
        : 'stop the client that leaves them idle, then end its connections',
      command: `psql -U postgres -c "select pg_terminate_backend(pid) from pg_stat_activity ${whose}"`,
    },
    later('connection pool in the application: a few connections, reused', 'pool'),
    {
      when: 'later',
      text: 'a limit for each role, and an end to idle sessions',
      command: "alter role <role> connection limit 10; alter role <role> set idle_session_timeout = '1min'",
    },
  ];
}

function explanation(sample: PostgresSample): string[] {
  const { connections, maxConnections, reserved, failure } = sample;
  const [first] = sample.holders;
  const lines: string[] = [];
  if (connections !== null && maxConnections !== null)
    lines.push(
      `${connections} of ${maxConnections} connections used, ${reserved ?? 0} reserved for superusers`,
    );
  if (first)
    lines.push(`${first.application || 'an unnamed client'} holds ${first.count} of them, ${first.state}`);
  if (failure) lines.push(`clients are told: ${failure.text}`);
  return lines;
}
