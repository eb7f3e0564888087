import { failingRow, logRow } from '../../source/diagnosis/facts/common-rows.js';
import { sickApp } from '../../source/diagnosis/facts/context.js';
import { DATABASE_ROOM, database, fillOf } from '../../source/diagnosis/facts/database.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { serviceAt } from '../../source/diagnosis/facts/services.js';
import { duration, percent, plural } from '../../source/diagnosis/facts/text.js';
import { known } from '../../source/diagnosis/facts/values.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { PostgresSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';

const THRESHOLDS = {
  /** Share of the slots an ordinary client may have. */
  nearlyFull: {
    raise: 0.9,
    clear: DATABASE_ROOM,
    source: 'Netdata postgres connections: above 90 %, clears at 80 %',
  },
  refused: 'PostgreSQL error 53300 too_many_connections',
  holder: { share: 0.5, source: 'our choice: who holds half of the slots is who to ask' },
} as const;

/** Every connection slot an ordinary client may have is taken. */
export const signature: Signature = {
  id: 'database-connections',
  forMs: 2500,
  keepMs: 5000,
  explains: ['http-errors', 'service-hung', 'close-wait-leak'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const sample = database(history);
  if (!sample) return undefined;
  const fill = fillOf(sample);
  const refused = sample.failure?.kind === 'too-many-connections';
  const app = sickApp(history);
  const server = serviceAt(history, sample.address)?.name ?? sample.address;
  return {
    target: `${app?.label ?? 'clients'} → database ${server}`,
    raise: refused || (fill !== undefined && fill > THRESHOLDS.nearlyFull.raise),
    clear: !refused && sample.failure === null && fill !== undefined && fill < THRESHOLDS.nearlyFull.clear,
    title: refused ? 'The database is out of connections' : 'The database is nearly out of connections',
    severity: refused ? 'critical' : 'warning',
    base: 0.45,
    evidence: gather(login(sample), used(sample, fill), holders(sample), http(history), logs(history)),
    ruledOut: ruledOut(history, [
      'traffic-spike',
      'resolver-dead',
      'name-missing',
      'service-stopped',
      'service-hung',
    ]).concat(running(sample)),
    fix: fixes(sample),
    story: story(sample),
    since: refused ? firstRefusal(history) : null,
  };
}

/** A refusal by the server is an answer: the database itself is up. */
function running(sample: PostgresSample): Assessment['ruledOut'] {
  if (sample.failure && sample.failure.kind !== 'too-many-connections') return [];
  const because = sample.failure
    ? 'it runs, and refuses in its own words (53300)'
    : `it answers SELECT 1 in ${duration(sample.selectOneMs ?? 0)}`;
  return sample.failure || sample.selectOneMs !== null
    ? [{ id: 'database-down', title: 'a dead database', because }]
    : [];
}

function login({ failure, address }: PostgresSample): WeightedEvidence | undefined {
  const row = {
    signal: 'postgres.connect',
    threshold: 'an ordinary client gets in',
    source: THRESHOLDS.refused,
  };
  if (failure?.kind === 'too-many-connections')
    return supports(0.3, { ...row, value: `${failure.text} (${address})` });
  return failure ? refutes(0.3, { ...row, value: failure.text }) : undefined;
}

function used(sample: PostgresSample, fill: number | undefined): WeightedEvidence {
  const { raise, source } = THRESHOLDS.nearlyFull;
  if (fill === undefined)
    return missing('postgres.connections', 'not readable without a reserved slot', 'connections in use');
  const free = `${sample.maxConnections} less ${sample.reserved ?? 0} reserved`;
  const value = `${plural(sample.connections ?? 0, 'connection')} of ${free} (${percent(Math.min(1, fill))})`;
  const row = { signal: 'postgres.connections', value, threshold: percent(raise), source };
  return fill > raise ? supports(0.2, row) : refutes(0.3, row);
}

function holders(sample: PostgresSample): WeightedEvidence | undefined {
  const first = sample.holders[0];
  if (!first || !sample.connections || first.count < sample.connections * THRESHOLDS.holder.share)
    return undefined;
  const value = `${first.application || 'an unnamed client'} holds ${first.count}, ${first.state}`;
  const { share, source } = THRESHOLDS.holder;
  return supports(0.05, { signal: 'postgres.holders', value, threshold: percent(share), source });
}

function http(history: History): WeightedEvidence | undefined {
  return failingRow(
    history,
    0.04,
    'Container Networking Exhaustion document: error rate above 95 %',
    ' fail:',
  );
}

function logs(history: History): WeightedEvidence | undefined {
  const match = logged(history, 'too-many-connections')[0];
  if (!match) return undefined;
  return supports(0.05, logRow(match, 'none', THRESHOLDS.refused));
}

function fixes(sample: PostgresSample): Fix[] {
  const holder = sample.holders[0]?.application;
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
    {
      when: 'later',
      text: 'connection pool in the application: a few connections, reused',
      action: { name: 'harden', argument: 'pool' },
    },
    {
      when: 'later',
      text: 'a limit for each role, and an end to idle sessions',
      command: "alter role report connection limit 10; alter role report set idle_session_timeout = '1min'",
    },
  ];
}

function story(sample: PostgresSample): string[] {
  const first = sample.holders[0];
  const lines: string[] = [];
  if (sample.connections !== null && sample.maxConnections !== null)
    lines.push(
      `${sample.connections} of ${sample.maxConnections} connections used, ${sample.reserved ?? 0} reserved for superusers`,
    );
  if (first)
    lines.push(`${first.application || 'an unnamed client'} holds ${first.count} of them, ${first.state}`);
  if (sample.failure) lines.push(`clients are told: ${sample.failure.text}`);
  return lines;
}

function firstRefusal(history: History): number | null {
  const lastGood = known(history, 'postgres.connect', 600_000).at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  return history.window('postgres.connect', 600_000).find((point) => point.at > lastGood)?.at ?? null;
}
