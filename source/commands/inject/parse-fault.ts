import {
  BOUNDS,
  type Bound,
  ENDING_SIGNALS,
  FAULT_KINDS,
  type FaultKind,
  type FaultSpec,
  jitterBound,
  outside,
  type SpecOf,
} from '../../faults/fault-spec.js';
import { nearest, suggestion } from '../arguments/nearest.js';
import type { ParsedArguments } from '../arguments/options.js';
import { parseSize } from '../arguments/size.js';
import { UsageError } from '../arguments/usage-error.js';

/** A fault as it was typed. Names in it are not looked up yet. */
export interface TypedFault {
  /** As it was typed. */
  readonly on: string;
  /** `peers` of drop-peer may be names, and `network` of disconnect may be empty: the only one there is. */
  readonly spec: FaultSpec;
}

/** How one kind is typed: the options that belong to it, and both ways between them and what is asked for. */
interface TypedKind<Kind extends FaultKind> {
  readonly takes: readonly string[];
  readonly make: (read: Reader) => Omit<SpecOf<Kind>, 'kind' | 'target'>;
  readonly words: (spec: SpecOf<Kind>) => readonly string[];
}

const KINDS: { readonly [Kind in FaultKind]: TypedKind<Kind> } = {
  delay: {
    takes: ['ms', 'jitter'],
    make: (read) => {
      const ms = read.number('ms', 200, BOUNDS.delayMs);
      return { ms, ...(read.has('jitter') ? { jitterMs: read.number('jitter', 20, jitterBound(ms)) } : {}) };
    },
    words: ({ ms, jitterMs }) => ['--ms', `${ms}`, ...(jitterMs ? ['--jitter', `${jitterMs}`] : [])],
  },
  loss: {
    takes: ['percent'],
    make: (read) => ({ percent: read.number('percent', 10, BOUNDS.lossPercent) }),
    words: ({ percent }) => ['--percent', `${percent}`],
  },
  'drop-peer': {
    takes: ['peer', 'ways'],
    make: (read) => ({
      peers: read.several('peer', 'db'),
      ways: read.oneOf('ways', ['both', 'in', 'out']),
    }),
    words: ({ peers, ways }) => [
      ...peers.flatMap((peer) => ['--peer', peer]),
      ...(ways === 'both' ? [] : ['--ways', ways]),
    ],
  },
  'dns-answer': {
    takes: ['rcode'],
    make: (read) => ({ rcode: read.oneOf('rcode', ['NXDOMAIN', 'SERVFAIL']) }),
    words: ({ rcode }) => ['--rcode', rcode],
  },
  'dns-drop': { takes: [], make: () => ({}), words: () => [] },
  bandwidth: {
    takes: ['kbit', 'queue'],
    make: (read) => ({
      kbitPerSecond: read.number('kbit', 1000, BOUNDS.kbitPerSecond),
      queueMs: read.has('queue') ? read.number('queue', 300, BOUNDS.queueMs) : 300,
    }),
    words: ({ kbitPerSecond, queueMs }) => ['--kbit', `${kbitPerSecond}`, '--queue', `${queueMs}`],
  },
  cpu: {
    takes: ['cpus'],
    make: (read) => ({ cpus: read.number('cpus', 0.1, BOUNDS.cpus) }),
    words: ({ cpus }) => ['--cpus', `${cpus}`],
  },
  memory: {
    takes: ['memory'],
    make: (read) => ({ bytes: read.size('memory', BOUNDS.memoryBytes) }),
    words: ({ bytes }) => ['--memory', `${bytes}`],
  },
  allocate: {
    takes: ['memory', 'victim'],
    make: (read) => ({
      bytes: read.size('memory', BOUNDS.allocatedBytes),
      victim: read.oneOf('victim', ['worker', 'pid-1']),
    }),
    words: ({ bytes, victim }) => ['--memory', `${bytes}`, '--victim', victim],
  },
  'open-files': {
    takes: ['limit'],
    make: (read) => ({ limit: read.number('limit', 64, BOUNDS.openFiles) }),
    words: ({ limit }) => ['--limit', `${limit}`],
  },
  kill: {
    takes: ['signal'],
    make: (read) => ({ signal: read.oneOf('signal', ENDING_SIGNALS) }),
    words: ({ signal }) => ['--signal', signal],
  },
  pause: { takes: [], make: () => ({}), words: () => [] },
  disconnect: {
    takes: ['network'],
    make: (read) => ({ network: read.text('network') ?? '' }),
    words: ({ network }) => ['--network', network],
  },
};

// Each kind is given its own spec only; the compiler cannot follow a table from a kind to its spec.
const typedKind = (kind: FaultKind): TypedKind<FaultKind> => KINDS[kind] as unknown as TypedKind<FaultKind>;

/** How a fault is typed after `faultline inject`: the other way of parseFault. */
export function injectWords(spec: FaultSpec): readonly string[] {
  return [spec.kind, '--on', spec.target, ...typedKind(spec.kind).words(spec)];
}

/** Options that every kind takes. */
const COMMON = ['on', 'for', 'dry-run', 'confirm', 'json'];

/** Throws UsageError that names what is missing, unknown, or belongs to another kind. */
export function parseFault(kind: string | undefined, args: ParsedArguments): TypedFault {
  if (kind === undefined)
    throw new UsageError(
      `inject needs a kind of fault: ${FAULT_KINDS.join(', ')}; faultline inject --help tells of each`,
    );
  if (!isKind(kind))
    throw new UsageError(`unknown kind of fault ${kind}${suggestion(kind, [...FAULT_KINDS])}`);
  const { takes, make } = typedKind(kind);
  const foreign = args.given.find((name) => !COMMON.includes(name) && !takes.includes(name));
  if (foreign !== undefined) throw new UsageError(`${kind} takes no --${foreign}${hint(foreign, takes)}`);
  const on = args.value('on');
  if (on === undefined) throw new UsageError(`inject ${kind} needs a container: --on CONTAINER`);
  return { on, spec: { kind, target: on, ...make(new Reader(kind, args)) } as FaultSpec };
}

const isKind = (word: string): word is FaultKind => FAULT_KINDS.some((kind) => kind === word);

function hint(foreign: string, takes: readonly string[]): string {
  if (takes.length === 0) return '';
  const near = nearest(foreign, takes);
  return near === undefined ? `: it takes --${takes.join(', --')}` : `: did you mean --${near}?`;
}

/** Reads the options of one kind; each method throws UsageError that shows how it is written. */
class Reader {
  readonly #kind: string;
  readonly #args: ParsedArguments;

  constructor(kind: string, args: ParsedArguments) {
    this.#kind = kind;
    this.#args = args;
  }

  has = (name: string): boolean => this.#args.value(name) !== undefined;

  text = (name: string): string | undefined => this.#args.value(name);

  number(name: string, example: number, bound: Bound): number {
    const text = this.#needed(name, String(example));
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new UsageError(`--${name} ${text} is not a number: write one like ${example}`);
    return this.#inside(name, value, bound);
  }

  size = (name: string, bound: Bound): number =>
    this.#inside(name, parseSize(this.#needed(name, '64m'), `--${name}`), bound);

  several(name: string, example: string): readonly string[] {
    this.#needed(name, example);
    return this.#args.values(name);
  }

  /** The first is what is meant where nothing is typed. */
  oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const text = this.#args.value(name) ?? words[0];
    const word = words.find((one) => one.toLowerCase() === text.toLowerCase());
    if (word === undefined) throw new UsageError(`unknown --${name} ${text}${suggestion(text, words)}`);
    return word;
  }

  #inside(name: string, value: number, bound: Bound): number {
    const why = outside(value, bound);
    if (why !== undefined) throw new UsageError(`--${name}: ${why}`);
    return value;
  }

  #needed(name: string, example: string): string {
    const text = this.#args.value(name);
    if (text === undefined)
      throw new UsageError(`inject ${this.#kind} needs --${name}: write --${name} ${example}`);
    return text;
  }
}
