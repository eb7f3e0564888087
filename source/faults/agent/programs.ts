import { readFileSync } from 'node:fs';
import type { FaultPlan, Reading } from '../fault-plan.js';

/** In the order in which they are made: each imports only from those before it. */
const KEEPER = ['packet_queue', 'dns_answer', 'daemon_call', 'steps', 'agent'];
const SIGHT = ['observation'];

/** Makes modules of their texts, then calls `run` of the last with the last argument. */
const START = [
  'import json, sys, types',
  'for name, text in json.loads(sys.argv[1]):',
  '    sys.modules[name] = module = types.ModuleType(name)',
  "    exec(compile(text, name + '.py', 'exec'), module.__dict__)",
  'module.run(sys.argv[2])',
].join('\n');

/** What a keeper is told of a plan. */
export type KeeperOrder = Pick<FaultPlan, 'target' | 'apply' | 'renew' | 'undo' | 'ttlMs'>;

/**
 * The command line of a keeper that does a plan. The program travels in it: the image holds none of it. `self` is the
 * name of its container where the daemon starts that again and nobody but itself removes it.
 */
export function keeperCommand(
  { target, apply, renew, undo, ttlMs }: KeeperOrder,
  self: string | null = null,
): string[] {
  return command(KEEPER, { target, apply, renew, undo, ttlMs, self });
}

/** The command line of a one-time look at the namespaces that it runs in. */
export function sightCommand(readings: readonly Reading[]): string[] {
  return command(SIGHT, readings);
}

/** A program's part: its name as others import it, and its text. */
export type PythonModule = readonly [name: string, text: string];

/** The command line of a program of several parts: `run` of the last is called with the order as JSON. */
export function pythonCommand(modules: readonly PythonModule[], order: unknown): string[] {
  return ['python3', '-I', '-c', START, JSON.stringify(modules), JSON.stringify(order)];
}

/** The part that calls the daemon over its mounted socket. */
export const daemonCallSource = (): PythonModule => moduleOf('daemon_call');

function command(modules: readonly string[], order: unknown): string[] {
  return pythonCommand(modules.map(moduleOf), order);
}

const moduleOf = (name: string): PythonModule => [
  name,
  readFileSync(new URL(`./${name}.py`, import.meta.url), 'utf8'),
];

/** The programs by which a look reads a target's state, as they stand in its text; for a person. */
export function sightSources(): readonly string[] {
  const text = readFileSync(new URL('./observation.py', import.meta.url), 'utf8');
  const sources = /^SOURCES = \{\n([\s\S]*?)^\}/m.exec(text)?.[1] ?? '';
  return [...sources.matchAll(/\[(.*)\]/g)].map(([, words]) =>
    [...(words as string).matchAll(/'([^']*)'/g)].map(([, word]) => word).join(' '),
  );
}
