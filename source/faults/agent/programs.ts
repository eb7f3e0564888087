import { readFileSync } from 'node:fs';
import type { FaultPlan, Reading } from '../fault-plan.js';

/** Programs beside this file. They travel in the command lines of containers: the toolbox image holds none of them. */
type Program =
  | 'agent'
  | 'daemon_call'
  | 'dns_answer'
  | 'group_memory'
  | 'inside'
  | 'means'
  | 'observation'
  | 'open_files'
  | 'packet_queue'
  | 'steps';

/** In the order in which they are made: each imports only from those before it. */
const AGENT: readonly Program[] = ['packet_queue', 'dns_answer', 'daemon_call', 'steps', 'agent'];

/** Makes modules of their texts, then calls `run` of the last with the last argument. */
const START = [
  'import json, sys, types',
  'for name, text in json.loads(sys.argv[1]):',
  '    sys.modules[name] = module = types.ModuleType(name)',
  "    exec(compile(text, name + '.py', 'exec'), module.__dict__)",
  'module.run(sys.argv[2])',
].join('\n');

/** What a fault agent is told of a plan. */
export type AgentOrder = Pick<FaultPlan, 'target' | 'apply' | 'renew' | 'undo' | 'ttlMs'>;

/**
 * The command line of a fault agent that does a plan. `self` is the name of its container where the daemon starts that
 * again and nobody but itself removes it.
 */
export function agentCommand(
  { target, apply, renew, undo, ttlMs }: AgentOrder,
  self: string | null = null,
): string[] {
  return pythonCommand(AGENT.map(moduleOf), { target, apply, renew, undo, ttlMs, self });
}

/** The command line of a one-time look at the namespaces that it runs in. */
export function observationCommand(readings: readonly Reading[]): string[] {
  return pythonCommand([moduleOf('observation')], readings);
}

/** The command line of a program that is one file and takes words. */
export function programCommand(
  name: 'group_memory' | 'inside' | 'means' | 'open_files',
  ...words: readonly string[]
): string[] {
  return ['python3', '-I', '-c', textOf(name), ...words];
}

/** A program's part: its name as others import it, and its text. */
export type PythonModule = readonly [name: string, text: string];

/** The command line of a program of several parts: `run` of the last is called with the order as JSON. */
export function pythonCommand(modules: readonly PythonModule[], order: unknown): string[] {
  return ['python3', '-I', '-c', START, JSON.stringify(modules), JSON.stringify(order)];
}

/** The part that calls the daemon over its mounted socket. */
export const daemonCallSource = (): PythonModule => moduleOf('daemon_call');

const moduleOf = (name: Program): PythonModule => [name, textOf(name)];

const textOf = (name: Program): string => readFileSync(new URL(`./${name}.py`, import.meta.url), 'utf8');

/** The programs by which an observation reads a target's state, as they stand in its text; for a person. */
export function observationSources(): readonly string[] {
  const sources = /^SOURCES = \{\n([\s\S]*?)^\}/m.exec(textOf('observation'))?.[1] ?? '';
  return [...sources.matchAll(/\[(.*)\]/g)].map(([, words]) =>
    [...(words as string).matchAll(/'([^']*)'/g)].map(([, word]) => word).join(' '),
  );
}
