import type { Datastore, LogMatch, PostgresSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration, percentOf, plural } from '../../terminal/format.js';
import { gather, type Measured } from '../evidence.js';
import { hostOf, splitAddress } from './addresses.js';
import { database, fillOf } from './database.js';
import {
  datastoreFill,
  datastoreName,
  datastores,
  fullByWords,
  isDownDatastore,
  isFullDatastore,
  isOutOfFiles,
  seenAtDatastore,
} from './datastores.js';
import { now } from './fixes.js';
import { logged } from './logs.js';
import { serviceAt } from './services.js';
import { failures, unreadSince } from './values.js';

/** The connection slots of one database, whether it is entered with a login or judged without one. */
export interface Slots {
  /** `address:port`. */
  readonly address: string;
  /** What a person calls it, by itself and beside its clients. */
  readonly name: string;
  readonly server: string;
  /** It is entered with a login: what it says of itself is then more than what is seen of it. */
  readonly entered: boolean;
  /** An ordinary client is turned away for want of a slot. */
  readonly full: boolean;
  /** What it is out of: its slots, or the files that its process may open. */
  readonly of: 'connections' | 'open files';
  /** Slots that are taken, as a share of those an ordinary client may have; undefined where not known. */
  readonly fill: number | undefined;
  /** What was read is enough to say that it has room again, once `fill` is low. */
  readonly isRead: boolean;
  /** What an ordinary client is told instead of being let in, and how many slots are taken. */
  readonly turnedAway: Measured | undefined;
  readonly used: Measured | undefined;
  /** Who holds most of them: the share of all that is held, and how it is said. */
  readonly holder: (Measured & { readonly reading: number }) | undefined;
  /** What it, or a client of it, logs of its being full. */
  readonly quoted: LogMatch | undefined;
  /** That it runs and answers: then it is not dead. */
  readonly runs: string | undefined;
  /** How they are freed. */
  readonly free: Fix;
  readonly explanation: readonly string[];
  /** Wall-clock ms since when it is full, or null. */
  readonly since: number | null;
  /** Places at which that shows, where it is not its address alone. */
  readonly seenAt?: readonly string[];
}

/** Those of every database that serves somebody. */
export function slots(history: History): Slots[] {
  const sample = database(history);
  const unentered = datastores(history).filter((one) => !isDownDatastore(one));
  return [
    ...(sample ? [enteredSlots(history, sample)] : []),
    ...unentered.map((one) => unenteredSlots(history, one)),
  ];
}

/** That every database that is judged without a login, and whose slots are known, has room: less than this share is taken. */
export function roomySlots(history: History, share: number): string | undefined {
  const all = datastores(history).filter(({ state }) => state === 'alive');
  const roomy = all.filter((one) => (datastoreFill(one) ?? 1) < share);
  const [first] = roomy;
  if (!first?.slots || roomy.length < all.length) return undefined;
  return `${datastoreName(first)}: ${first.slots.held} of ${first.slots.most} connections in use`;
}

/** Whether an ordinary client is turned away for want of a slot. */
export const isFullDatabase = ({ failure }: PostgresSample): boolean =>
  failure?.kind === 'too-many-connections';

function enteredSlots(history: History, sample: PostgresSample): Slots {
  const { address, failure, connections, maxConnections, reserved, selectOneMs } = sample;
  const [first] = sample.holders;
  const full = isFullDatabase(sample);
  const fill = fillOf(sample);
  const taken = `${plural(connections ?? 0, 'connection')} of ${maxConnections} less ${reserved ?? 0} reserved`;
  const who = first?.application || 'an unnamed client';
  // A refusal by the server is an answer: the database itself is up.
  const answers = selectOneMs === null ? undefined : `it answers SELECT 1 in ${duration(selectOneMs)}`;
  return {
    address,
    name: 'The database',
    server: `database ${serviceAt(history, address)?.name ?? address}`,
    entered: true,
    full,
    of: 'connections',
    fill,
    isRead: failure === null && fill !== undefined,
    turnedAway: failure
      ? { signal: 'postgres.connect', value: full ? `${failure.text} (${address})` : failure.text }
      : undefined,
    used:
      fill === undefined
        ? undefined
        : {
            signal: 'postgres.connections',
            reading: fill,
            value: `${taken} (${percentOf(Math.min(1, fill))})`,
          },
    holder:
      first && connections
        ? {
            signal: 'postgres.holders',
            reading: first.count / connections,
            value: `${who} holds ${first.count}, ${first.state}`,
          }
        : undefined,
    quoted: logged(history, 'too-many-connections')[0],
    runs: full ? 'it runs, and refuses in its own words (53300)' : failure ? undefined : answers,
    free: endIdleFix(address, first?.application),
    explanation: gather(
      connections !== null &&
        maxConnections !== null &&
        `${connections} of ${maxConnections} connections used, ${reserved ?? 0} reserved for superusers`,
      first && `${who} holds ${first.count} of them, ${first.state}`,
      failure !== null && `clients are told: ${failure.text}`,
    ),
    since: full ? unreadSince(history, 'postgres.connect') : null,
  };
}

/** To restart the holder does not help: it takes them again. */
function endIdleFix(address: string, holder: string | undefined): Fix {
  const whose = holder
    ? `where application_name = '${holder.replaceAll("'", "''")}'`
    : "where state = 'idle'";
  return now(
    holder
      ? `stop ${holder}, then end the connections it still holds`
      : 'stop the client that leaves them idle, then end its connections',
    `psql -h ${hostOf(address)} -p ${splitAddress(address).port} -U postgres -c "select pg_terminate_backend(pid) from pg_stat_activity ${whose}"`,
  );
}

function unenteredSlots(history: History, one: Datastore): Slots {
  const { address, state, said, askedAt, answerMs, slots: known, files } = one;
  const outOfFiles = isOutOfFiles(one);
  const quoted = quotedOf(history, one);
  const fill = datastoreFill(one);
  const name = datastoreName(one);
  const holder = holderOf(one);
  return {
    address,
    name,
    server: name,
    entered: false,
    full: isFullDatastore(one) || quoted !== undefined,
    of: outOfFiles ? 'open files' : 'connections',
    fill,
    isRead: true,
    turnedAway:
      state === 'full' || outOfFiles
        ? { signal: `datastores.ok{${address}}`, value: `${said} (${address})`, at: askedAt }
        : undefined,
    used: outOfFiles ? filesOf(one) : usedOf(one, fill),
    holder,
    quoted,
    runs: answerMs === null ? undefined : `it runs and answers in ${duration(answerMs)}`,
    free: holderFix(one),
    explanation: gather(
      known?.most != null &&
        `${known.held} connections of ${known.most}${known.reserved > 0 ? `, ${known.reserved} of them reserved for superusers` : ''}`,
      holder?.value,
      outOfFiles &&
        `its process has ${files?.open} of ${files?.limit} files open: it cannot open another connection`,
      one.queued > 0 && `${one.queued} connections wait there to be accepted`,
      state === 'full' && `clients are told: ${said}`,
    ),
    since:
      state === 'full' || outOfFiles ? (failures(history, `datastores.ok{${address}}`)?.since ?? null) : null,
    seenAt: seenAtDatastore(one),
  };
}

/** What it, or a client of the only one of its product, logs of its being full. */
function quotedOf(history: History, { kind, workload }: Datastore): LogMatch | undefined {
  const alone = datastores(history).filter((other) => other.kind === kind).length === 1;
  return logged(history, 'too-many-connections').find(
    ({ service, lastLine }) => fullByWords(lastLine) === kind && (alone || service === workload),
  );
}

function filesOf({ files, address }: Datastore): Measured | undefined {
  if (!files) return undefined;
  const reading = files.open / files.limit;
  return {
    signal: `datastores.files{${address}}`,
    reading,
    value: `${files.open} of ${files.limit} files open (${percentOf(Math.min(1, reading))})`,
  };
}

function usedOf({ slots: known, address }: Datastore, fill: number | undefined): Measured | undefined {
  if (fill === undefined || !known) return undefined;
  const of = known.reserved > 0 ? `${known.most} less ${known.reserved} reserved` : String(known.most);
  return {
    signal: `datastores.clients{${address}}`,
    reading: fill,
    value: `${known.held} connections of ${of} (${percentOf(Math.min(1, fill))})`,
  };
}

/** "19 of 20 are held by 172.18.0.1 (process python3 of this host), role shop, idle". */
function holderOf({ holders: [first], slots: known, clients }: Datastore): Slots['holder'] {
  const held = known?.held ?? clients;
  if (!first || !held) return undefined;
  const who = first.who === null ? first.peer : `${first.peer} (${first.who})`;
  const detail = first.detail === null ? '' : `, ${first.detail}`;
  return {
    signal: 'datastores.holders',
    reading: first.count / held,
    value: `${first.count} of ${Math.max(held, first.count)} are held by ${who}${detail}`,
  };
}

/** Who holds them, in the product's own words: nothing is ended by it. */
function holderFix({ kind, workload, address, holders: [first] }: Datastore): Fix {
  const whose = first?.who ?? first?.peer;
  return now(
    whose
      ? `stop or mend ${whose}, which holds ${first?.count} of them`
      : 'find the client that holds them, and stop or mend it',
    clientsCommand(kind, workload, splitAddress(address).port),
  );
}

/** On a host PostgreSQL lets its own user in; in its container anybody is. */
function clientsCommand(kind: Datastore['kind'], workload: string | null, port: number): string {
  const inside = workload === null ? '' : `docker exec ${workload} `;
  if (kind === 'mysql') return `${inside}mysql -e "show processlist"`;
  if (kind === 'amqp') return `${inside}rabbitmqctl list_connections user peer_host state`;
  if (kind === 'mongodb') return `${inside}mongosh --port ${port} --eval 'db.serverStatus().connections'`;
  if (kind === 'redis') return `${inside}redis-cli -p ${port} client list`;
  const asOwner = workload === null ? 'sudo -u postgres ' : inside;
  if (kind === 'pgbouncer') return `${asOwner}psql -p ${port} pgbouncer -c "show clients"`;
  return `${asOwner}psql -p ${port} -U postgres -c "select client_addr, usename, state, count(*) from pg_stat_activity group by 1, 2, 3 order by 4 desc"`;
}
