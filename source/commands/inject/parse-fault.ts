import type { FaultKind, FaultSpec } from '../../faults/fault-spec.js';
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

type Maker = (read: Reader, target: string) => FaultSpec;

/** How each kind is made of what was typed, and which options belong to it. */
const KINDS: { readonly [Kind in FaultKind]: { readonly takes: readonly string[]; readonly make: Maker } } = {
  delay: {
    takes: ['ms', 'jitter'],
    make: (read, target) => ({
      kind: 'delay',
      target,
      ms: read.number('ms', 200),
      ...(read.has('jitter') ? { jitterMs: read.number('jitter', 20) } : {}),
    }),
  },
  loss: {
    takes: ['percent'],
    make: (read, target) => ({ kind: 'loss', target, percent: read.number('percent', 10) }),
  },
  'drop-peer': {
    takes: ['peer', 'ways'],
    make: (read, target) => ({
      kind: 'drop-peer',
      target,
      peers: read.several('peer', 'db'),
      ways: read.oneOf('ways', ['both', 'in', 'out']),
    }),
  },
  'dns-answer': {
    takes: ['rcode'],
    make: (read, target) => ({
      kind: 'dns-answer',
      target,
      rcode: read.oneOf('rcode', ['NXDOMAIN', 'SERVFAIL']),
    }),
  },
  'dns-drop': { takes: [], make: (_read, target) => ({ kind: 'dns-drop', target }) },
  bandwidth: {
    takes: ['kbit', 'queue'],
    make: (read, target) => ({
      kind: 'bandwidth',
      target,
      kbitPerSecond: read.number('kbit', 1000),
      queueMs: read.has('queue') ? read.number('queue', 300) : 300,
    }),
  },
  cpu: { takes: ['cpus'], make: (read, target) => ({ kind: 'cpu', target, cpus: read.number('cpus', 0.1) }) },
  memory: {
    takes: ['memory'],
    make: (read, target) => ({ kind: 'memory', target, bytes: read.size('memory') }),
  },
  allocate: {
    takes: ['memory', 'victim'],
    make: (read, target) => ({
      kind: 'allocate',
      target,
      bytes: read.size('memory'),
      victim: read.oneOf('victim', ['worker', 'pid-1']),
    }),
  },
  'open-files': {
    takes: ['limit'],
    make: (read, target) => ({ kind: 'open-files', target, limit: read.number('limit', 64) }),
  },
  kill: {
    takes: ['signal'],
    make: (read, target) => ({ kind: 'kill', target, signal: read.text('signal') ?? 'SIGKILL' }),
  },
  pause: { takes: [], make: (_read, target) => ({ kind: 'pause', target }) },
  disconnect: {
    takes: ['network'],
    make: (read, target) => ({ kind: 'disconnect', target, network: read.text('network') ?? '' }),
  },
};

/** Options that every kind takes. */
const COMMON = ['on', 'for', 'dry-run', 'confirm', 'json'];

/** Throws UsageError that names what is missing, unknown, or belongs to another kind. */
export function parseFault(kind: string | undefined, args: ParsedArguments): TypedFault {
  const kinds = Object.keys(KINDS);
  if (kind === undefined)
    throw new UsageError(
      `inject needs a kind of fault: ${kinds.join(', ')}; faultline inject --help tells of each`,
    );
  if (!Object.hasOwn(KINDS, kind))
    throw new UsageError(`unknown kind of fault ${kind}${suggestion(kind, kinds)}`);
  const { takes, make } = KINDS[kind as FaultKind];
  const foreign = args.given.find((name) => !COMMON.includes(name) && !takes.includes(name));
  if (foreign !== undefined) throw new UsageError(`${kind} takes no --${foreign}${hint(foreign, takes)}`);
  const on = args.value('on');
  if (on === undefined) throw new UsageError(`inject ${kind} needs a container: --on CONTAINER`);
  return { on, spec: make(new Reader(kind, args), on) };
}

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

  number(name: string, example: number): number {
    const text = this.#needed(name, String(example));
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new UsageError(`--${name} ${text} is not a number: write one like ${example}`);
    return value;
  }

  size = (name: string): number => parseSize(this.#needed(name, '64m'), `--${name}`);

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

  #needed(name: string, example: string): string {
    const text = this.#args.value(name);
    if (text === undefined)
      throw new UsageError(`inject ${this.#kind} needs --${name}: write --${name} ${example}`);
    return text;
  }
}
