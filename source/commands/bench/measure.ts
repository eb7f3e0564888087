import { loadavg } from 'node:os';
import { pause } from '../../clock.js';
import type { Runtime } from '../../runtime/index.js';
import type { Finding } from '../../store/finding.js';
import type { FaultlineState } from '../../store/state.js';
import { causeAndName } from '../run/cause-and-name.js';
import { cleanUp } from '../run/clean-up.js';
import { createContext, type RunContext } from '../run/context.js';
import { topFindings } from '../run/observe.js';
import { reachSteadyState } from '../run/steady-state.js';
import { between, reasonOf } from '../run/teller.js';
import { waitFor } from '../run/waiting.js';
import type { Measured, Told } from './measured.js';
import { findingTells, placesOf } from './place.js';
import type { Job } from './plan.js';

export interface MeasureOptions {
  readonly runtime: Runtime;
  readonly job: Job;
  /** How long a control goes on (ms). */
  readonly controlMs: number;
  readonly signal: AbortSignal;
}

/** What is not named so long after its first symptom counts as not named (ms): the goal is 20 s for 95 of 100. */
const NAMED_MS = 30_000;
/** What was there before has to be over: caches of names and pools take their time (ms). */
const BASELINE_MS = 120_000;
const SYMPTOM_MS = 60_000;

type Outcome = Pick<Measured, 'wanted' | 'told' | 'namedMs' | 'placed'>;

/** Makes one run and takes back what it did. Never rejects: what could not be measured says why. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { job, runtime, signal } = options;
  const context = contextOf(options);
  const wanted = job.causings.map(({ mode }) => mode.id);
  let outcome: Outcome = { wanted, told: [], namedMs: null, placed: null };
  let reason: string | null = null;
  try {
    await reachSteadyState(context);
    outcome = await outcomeOf(options, context, wanted);
  } catch (error) {
    reason = reasonOf(error, signal);
  }
  const residue = await cleanUp(context);
  if (reason === null && residue.length > 0) reason = `left behind: ${residue.join('; ')}`;
  return {
    ...{ kind: job.kind, what: job.what, round: job.round },
    ...outcome,
    ...{ reason, load: Math.round(10 * (loadavg()[0] ?? 0)) / 10, at: runtime.clock.wall() },
  };
}

/** A control causes nothing, yet waits and cleans up as the others do. */
function contextOf({ job, runtime, signal }: MeasureOptions): RunContext {
  const causing = job.causings[0] ?? runtime.causings[0];
  if (!causing) throw new Error('this lab can be given no failure');
  const timeouts = { baselineMs: BASELINE_MS, symptomMs: SYMPTOM_MS, namedMs: NAMED_MS };
  return createContext({ runtime, causing, emit: () => undefined, signal, timeouts });
}

const outcomeOf = (options: MeasureOptions, context: RunContext, wanted: readonly string[]) => {
  if (options.job.kind === 'control') return controlled(options);
  return options.job.kind === 'pair' ? both(options, wanted) : one(options, context, wanted);
};

async function one(
  { job, runtime }: MeasureOptions,
  context: RunContext,
  wanted: readonly string[],
): Promise<Outcome> {
  const before = namesOf(runtime);
  const { marks } = context;
  let wrong: unknown;
  await causeAndName(context).catch((error) => {
    wrong = error;
  });
  // Felt and not named is a result; what could not be caused, or was not felt, is none.
  if (wrong !== undefined && (marks.symptomAt === null || context.signal.aborted)) throw wrong;
  const found = newFindings(runtime.store.getState(), marks.foundBefore, wanted);
  return {
    wanted,
    told: found.map(toldOf),
    namedMs: between(marks.symptomAt, marks.namedAt),
    placed: placedOf(found, wanted, placesOf(job.causings, before, namesOf(runtime))),
  };
}

async function both({ job, runtime, signal }: MeasureOptions, wanted: readonly string[]): Promise<Outcome> {
  const before = namesOf(runtime);
  const foundBefore = topFindings(runtime.store.getState()).map(({ id }) => id);
  for (const causing of job.causings) {
    const { ok, text } = await runtime.act('inject', causing.id);
    if (!ok) throw new Error(`it could not be caused: ${text}`);
  }
  await waitFor(runtime, NAMED_MS + SYMPTOM_MS, signal, (state) =>
    wanted.every((id) => firing(state).some((finding) => finding.id === id)) ? true : undefined,
  );
  const state = runtime.store.getState();
  const found = newFindings(state, foundBefore, wanted);
  const named = found.filter(({ id }) => wanted.includes(id));
  // They are caused one after the other: each has its own first symptom.
  const times = named.flatMap(({ since, namedAt }) => between(since, namedAt) ?? []);
  const isWhole = wanted.every((id) => named.some((finding) => finding.id === id));
  return {
    wanted,
    told: found.map(toldOf),
    namedMs: isWhole ? Math.max(...times) : null,
    placed: placedOf(found, wanted, placesOf(job.causings, before, namesOf(runtime))),
  };
}

async function controlled({ job, runtime, controlMs, signal }: MeasureOptions): Promise<Outcome> {
  const { lab } = runtime;
  const { control } = job;
  if (!lab || !control) throw new Error('there is no lab');
  const foundBefore = topFindings(runtime.store.getState()).map(({ key }) => key);
  const seen = new Map<string, Told>();
  const over = new AbortController();
  const going = control.during({ lab, runtime }, AbortSignal.any([signal, over.signal]));
  const watching = (async () => {
    await waitFor(runtime, controlMs, signal, (state) => {
      for (const finding of firing(state))
        if (!foundBefore.includes(finding.key)) seen.set(finding.key, toldOf(finding));
      return undefined;
    });
  })().finally(() => over.abort());
  await Promise.all([going, watching]);
  await pause(runtime.clock, 1_000, signal);
  return { wanted: [], told: [...seen.values()], namedMs: null, placed: null };
}

const firing = (state: FaultlineState): readonly Finding[] =>
  topFindings(state).filter((finding) => finding.state === 'firing');

/** What was there before anything was caused, a restart that is over, is no answer, but where it is what is wanted. */
const newFindings = (
  state: FaultlineState,
  before: readonly string[],
  wanted: readonly string[],
): readonly Finding[] => firing(state).filter(({ id }) => wanted.includes(id) || !before.includes(id));

const toldOf = ({ id, title, score }: Finding): Told => ({ id, title, score });

const namesOf = ({ lab }: Runtime): string[] => lab?.engine.list().map(({ name }) => name) ?? [];

/** Whether each wanted finding tells one of its places; null where one of them has none, or was not told. */
function placedOf(
  found: readonly Finding[],
  wanted: readonly string[],
  places: readonly (readonly string[])[],
): boolean | null {
  const judged = wanted.map((id, i) => {
    const its = found.filter((finding) => finding.id === id);
    const names = places[i] ?? [];
    return its.length === 0 || names.length === 0
      ? null
      : its.some((finding) => findingTells(finding, names));
  });
  return judged.includes(null) ? null : judged.every((one) => one === true);
}
