/**
 * What escapes from a probe, a parser, a daemon call or a library while the program runs: kept, told, and lived with.
 *
 * An error that nothing caught is survivable by default: the source that it came from is shown as failing, with its
 * reason, and all others go on. Not survivable is
 *  - memory that cannot be had, since nothing that follows can be relied on,
 *  - what the painter or the terminal throws (`panels/`, `source/terminal/`, Ink, React): what stands on the screen
 *    would no longer be what is,
 *  - more than 20 errors of one kind within a second: a loop, which would only burn what the host needs.
 * Then the program ends as after a crash: terminal given back, labs and faults undone, the error told.
 */

import { fileURLToPath } from 'node:url';
import { debug } from '../debug-log.js';
import { sanitise } from '../terminal/sanitise.js';

/** Errors of one kind within a second (A_WHILE_MS) that are lived with. */
const MOST_AT_ONCE = 20;
const A_WHILE_MS = 1_000;
/** Kinds that are told apart; what comes on top is counted as one. */
const MOST_KINDS = 16;
const REASON_CHARACTERS = 300;
const OUT_OF_MEMORY = new Set(['ERR_MEMORY_ALLOCATION_FAILED', 'ERR_WORKER_OUT_OF_MEMORY']);
const PAINTS = /^(?:panels|terminal|ink|react|react-reconciler)(?:\/|$)/;

/** Errors of one kind: same place, same code or name. */
export interface Escaped {
  readonly kind: string;
  /** Where it was thrown: `probes/dns`, the name of a library, else `the program`. */
  readonly place: string;
  /** Of the newest: one line, made safe to show. */
  readonly reason: string;
  readonly count: number;
}

interface Tally extends Escaped {
  count: number;
  /** Monotonic ms at which the present while began, and how many came in it. */
  since: number;
  lately: number;
}

const kept = new Map<string, Tally>();
const listeners = new Set<(escaped: Escaped) => void>();
const lastWords: ((error: unknown) => void)[] = [];
let isOver = false;

/** Begins to keep what nothing caught. The returned function ends that and forgets what was kept. */
export function guardErrors(): () => void {
  process.on('uncaughtException', take);
  return () => {
    process.off('uncaughtException', take);
    kept.clear();
    isOver = false;
  };
}

/** What was kept so far, at most 17 kinds, in the order of their first. */
export const escapedErrors = (): readonly Escaped[] => [...kept.values()].map(shown);

/** Tells of each kind that was kept already and of each error from now on, until the returned function is called. */
export function onEscaped(listener: (escaped: Escaped) => void): () => void {
  for (const escaped of escapedErrors()) listener(escaped);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is done when one cannot be survived: of several, only the one that was given last. */
export function onFatal(end: (error: unknown) => void): () => void {
  lastWords.push(end);
  return () => {
    const at = lastWords.lastIndexOf(end);
    if (at >= 0) lastWords.splice(at, 1);
  };
}

function take(error: unknown): void {
  const { code, reason, place, paints, trace } = describe(error);
  debug('program', 'nothing caught', trace);
  if (isOver) return;
  const tally = count(`${place} ${code}`, place, reason);
  if (paints || OUT_OF_MEMORY.has(code) || /allocation failed/i.test(reason) || tally.lately > MOST_AT_ONCE) {
    isOver = true;
    const end = lastWords.at(-1);
    if (end) end(error);
    else process.exit(1);
    return;
  }
  for (const listener of listeners) {
    try {
      listener(shown(tally));
    } catch (thrown) {
      debug('program', 'could not be told', String(thrown));
    }
  }
}

function count(wanted: string, place: string, reason: string): Tally {
  const isKnown = kept.has(wanted) || kept.size < MOST_KINDS;
  const kind = isKnown ? wanted : 'more';
  const now = performance.now();
  const tally = kept.get(kind) ?? { kind, place, reason, count: 0, since: now, lately: 0 };
  const isNew = now - tally.since > A_WHILE_MS;
  const next: Tally = {
    ...{ kind, reason, count: tally.count + 1 },
    place: isKnown ? place : 'many places',
    since: isNew ? now : tally.since,
    lately: isNew ? 1 : tally.lately + 1,
  };
  kept.set(kind, next);
  return next;
}

const shown = ({ kind, place, reason, count }: Tally): Escaped => ({ kind, place, reason, count });

interface Described {
  readonly code: string;
  readonly reason: string;
  readonly place: string;
  readonly paints: boolean;
  readonly trace: string;
}

/** Anything can be thrown, also what throws when it is looked at. */
function describe(error: unknown): Described {
  try {
    if (!(error instanceof Error)) return told('thrown', String(error), []);
    const { code } = error as NodeJS.ErrnoException;
    const message = String(error.message);
    const stack = String(error.stack ?? '');
    // A message may hold lines that look like frames.
    const at = stack.indexOf(message);
    const frames = stack.slice(at < 0 ? 0 : at + message.length).split('\n');
    return told(
      typeof code === 'string' ? code : error.name,
      message,
      frames.filter((line) => /^\s+at /.test(line)),
    );
  } catch {
    return told('thrown', 'something that cannot be looked at', []);
  }
}

function told(code: string, message: string, frames: readonly string[]): Described {
  const places = frames.map(placeOf);
  const own = places.find((place) => place !== undefined) ?? 'the program';
  return {
    code,
    reason: sanitise(message === '' ? code : message, REASON_CHARACTERS),
    place: own,
    // What was waited for by a panel is not painted by it.
    paints: frames.some((frame, i) => !/^\s+at async /.test(frame) && PAINTS.test(places[i] ?? '')),
    trace: [code, message, ...frames.map((frame) => frame.trim())].join(' '),
  };
}

const ROOT = new URL('../../', import.meta.url);
const ROOTS = [ROOT.href, fileURLToPath(ROOT)];

/** Folder of a frame of ours below `source/`, or the library's name; undefined for Node's own frames. */
function placeOf(frame: string): string | undefined {
  for (const root of ROOTS) {
    const at = frame.indexOf(root);
    const path = at < 0 ? '' : frame.slice(at + root.length);
    if (path === '' || path.startsWith('node_modules/')) continue;
    const folders = path.replace(/^source\//, '').split('/');
    return folders.slice(0, Math.min(2, folders.length - 1)).join('/') || 'the program';
  }
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(frame)?.[1];
}
