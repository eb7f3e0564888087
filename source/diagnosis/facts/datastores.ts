import { kindNamed } from '../../probes/datastores/kinds.js';
import type { Datastore, DatastoreKind } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { placeOf, workloadPlace } from '../places.js';
import { serviceAt } from './services.js';
import { fresh, largest } from './values.js';

/** How long a server's clients are remembered (ms): what a ring of 600 points surely holds. */
const CLIENTS_MS = 600_000;

/** Databases and brokers that are judged without a login: one that is entered with one (`--database`) is not among them. */
export function datastores(history: History): readonly Datastore[] {
  const all = fresh(history.latest.datastores)?.datastores ?? [];
  const entered = [fresh(history.latest.postgres), fresh(history.latest.redis)].flatMap(
    (one) => one?.address ?? [],
  );
  if (entered.length === 0) return all;
  const places = new Set(entered.map(placeOf));
  const servers = new Set(entered.flatMap((address) => serviceAt(history, address)?.name ?? []));
  return all.filter(
    ({ address, workload }) => !places.has(placeOf(address)) && (workload === null || !servers.has(workload)),
  );
}

/** What a person calls it: `PostgreSQL in db`, `MySQL at 127.0.0.1:3306`. */
export const datastoreName = ({ kind, workload, address }: Datastore): string =>
  workload === null ? `${kindNamed(kind).title} at ${address}` : `${kindNamed(kind).title} in ${workload}`;

/** Where its trouble shows: at its container, else at its address. */
export const seenAtDatastore = ({ workload, address }: Datastore): string[] => [
  workload === null ? placeOf(address) : workloadPlace(workload),
];

/**
 * Share of its open files from which a server that is mute has none left for another connection: RabbitMQ gives its
 * clients 90 % of what is left above 100, MongoDB 80 % of all.
 */
const FILES_TAKEN = 0.8;

/** Whether it takes nobody in as its process may open no more files. */
export const isOutOfFiles = ({ state, frozen, files }: Datastore): boolean =>
  !frozen &&
  (state === 'silent' || state === 'broken-off') &&
  files !== undefined &&
  files.open >= FILES_TAKEN * files.limit;

/**
 * Whether it serves nobody: gone, not ready, or taking connections without a word. What is known by its port alone may
 * wait for its client to speak, so silence accuses it only where connections pile up.
 */
export function isDownDatastore(one: Datastore): boolean {
  const { state, knownBy, queued, backlog, frozen } = one;
  if (state === 'refused' || state === 'not-ready') return true;
  // That has a name of its own, as every other limit that it turns clients away by.
  if (isOutOfFiles(one)) return false;
  if (knownBy === 'port') return (state === 'silent' || state === 'unreachable') && queued > 0;
  const stuck = backlog !== null && queued > backlog / 2;
  return state === 'silent' || state === 'unreachable' || frozen || stuck;
}

/** Connection slots that are taken, as a share of those an ordinary client may have; undefined when not known. */
export function datastoreFill({ slots }: Datastore): number | undefined {
  if (!slots || slots.most === null) return undefined;
  return slots.held / Math.max(1, slots.most - slots.reserved);
}

/** Whether an ordinary client is turned away for want of a slot: it says so, or every slot or file it may have is taken. */
export const isFullDatastore = (one: Datastore): boolean =>
  one.state === 'full' || isOutOfFiles(one) || (!isDownDatastore(one) && (datastoreFill(one) ?? 0) >= 1);

/** Whether clients had connections to it while it was watched. */
export const hadClients = (history: History, { address }: Datastore): boolean =>
  (largest(history, `datastores.clients{${address}}`, CLIENTS_MS) ?? 0) > 0;

/** Those in trouble, whichever it is. */
export const sickDatastores = (history: History): Datastore[] =>
  datastores(history).filter((one) => isDownDatastore(one) || isFullDatastore(one));

/** "PostgreSQL in db asks for a password in 1 ms, 4 of 100 connections": only what was measured. */
export function datastoreText(one: Datastore): string {
  const { said, answerMs, note, slots, clients } = one;
  const words = said === '' ? (note ?? 'not asked yet') : said;
  const used =
    slots && slots.most !== null
      ? `${slots.held} of ${slots.most} connections`
      : clients === null
        ? undefined
        : plural(clients, 'connection');
  return [answerMs === null ? words : `${words} in ${duration(answerMs)}`, used].filter(Boolean).join(', ');
}

/** The figures that clear every database that is seen; undefined where one is in trouble, or none has answered. */
export function clearedDatastores(history: History): string | undefined {
  const all = datastores(history);
  const answered = all.filter(({ state }) => state === 'alive');
  if (answered.length === 0 || sickDatastores(history).length > 0) return undefined;
  const told = answered.slice(0, 2).map((one) => `${datastoreName(one)} ${datastoreText(one)}`);
  return [...told, ...(answered.length > 2 ? [`${answered.length - 2} more answer`] : [])].join('; ');
}

/** Words by which a server says that it is full, by product; a client's own pool has others. */
const FULL_WORDS: readonly (readonly [DatastoreKind, RegExp])[] = [
  [
    'postgres',
    /sorry, too many clients already|remaining connection slots are reserved|too many connections for (?:role|database)/i,
  ],
  ['pgbouncer', /no more connections allowed|query_wait_timeout/i],
  ['mysql', /Too many connections/],
  ['redis', /max number of clients reached/i],
];

/** The product that a log line quotes as full; undefined where it quotes none. */
export const fullByWords = (line: string): DatastoreKind | undefined =>
  FULL_WORDS.find(([, words]) => words.test(line))?.[0];
