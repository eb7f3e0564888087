import type { Causing } from '../../../scenarios/causing.js';
import { suggestion } from '../arguments/nearest.js';
import { UsageError } from '../arguments/usage-error.js';
import type { Control } from './controls.js';
import type { BenchKind, Measured } from './measured.js';

/** One run that is to be made. */
export interface Job {
  readonly kind: BenchKind;
  readonly what: string;
  readonly round: number;
  /** What is caused: one, two, or nothing in a control. */
  readonly causings: readonly Causing[];
  readonly control: Control | undefined;
}

export interface PlanOptions {
  readonly causings: readonly Causing[];
  readonly controls: readonly Control[];
  readonly runs: number;
  /** Scenarios, pairs and controls by their names; all without it. */
  readonly only: readonly string[];
}

/**
 * Faults that have nothing to do with each other, two at a time: other containers, other layers. One that the lab cannot
 * cause is left out.
 */
const PAIRS: readonly (readonly [string, string])[] = [
  ['container-kill', 'dns-failure:silence'],
  ['memory-limit:worker', 'latency'],
  ['close-wait-leak', 'container-kill'],
  ['database-connections', 'close-wait-leak'],
  ['pool-exhaustion', 'memory-limit:worker'],
  ['tls-chain', 'container-kill'],
  ['keepalive-race', 'dns-failure:nxdomain'],
  ['tls-version', 'database-connections'],
  ['close-wait-leak', 'latency'],
  ['flapping-replica', 'memory-limit:worker'],
];

/** What is run, a round of everything after the other, so that a benchmark that is ended early has all of them. */
export function planOf({ causings, controls, runs, only }: PlanOptions): readonly Job[] {
  const find = (id: string): Causing | undefined => causings.find((one) => one.id === id);
  const single = causings.map((one) => ({ kind: 'cause' as const, what: one.id, causings: [one] }));
  const pairs = PAIRS.flatMap(([a, b]) => {
    const [one, other] = [find(a), find(b)];
    return one && other ? [{ kind: 'pair' as const, what: `${a} + ${b}`, causings: [one, other] }] : [];
  });
  const quiet = controls.map((control) => ({
    ...{ kind: 'control' as const, what: control.name, causings: [], control },
  }));
  const all: Omit<Job, 'round'>[] = [...single, ...pairs].map((job) => ({ ...job, control: undefined }));
  all.push(...quiet);
  const chosen = only.length === 0 ? all : only.flatMap((name) => named(all, name));
  const rounds = Array.from({ length: runs }, (_, i) => i + 1);
  return rounds.flatMap((round) =>
    // Controls take minutes and have no chance in them but the machine's: one each.
    chosen.filter(({ kind }) => kind !== 'control' || round === 1).map((job) => ({ ...job, round })),
  );
}

/** Those of a name: a scenario, a mode with all its forms, a pair, a control. Throws UsageError for one unheard of. */
function named(all: readonly Omit<Job, 'round'>[], name: string): Omit<Job, 'round'>[] {
  const found = all.filter(
    ({ what, causings: [one], kind }) => what === name || (kind === 'cause' && one?.mode.id === name),
  );
  const known = [...new Set(all.map(({ what }) => what))];
  if (found.length === 0)
    throw new UsageError(`nothing to measure is called ${name} on this lab${suggestion(name, known)}`);
  return found;
}

/** What of a plan is not measured yet. */
export const openJobs = (plan: readonly Job[], measured: readonly Measured[]): readonly Job[] =>
  plan.filter(
    (job) =>
      !measured.some(
        ({ kind, what, round, reason }) =>
          kind === job.kind && what === job.what && round === job.round && reason === null,
      ),
  );
