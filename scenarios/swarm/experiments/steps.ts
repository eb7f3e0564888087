import type { SwarmService } from '../../../source/probes/samples.js';
import type { Finding } from '../../../source/store/finding.js';
import type { VerifyCheck } from '../../../source/store/state.js';
import type { Stage } from '../experiment.js';
import { type LoadFigures, loadFigures } from '../watch/figures.js';
import { findingsOf } from '../watch/named.js';
import { ExperimentFailure, isSettled, replicasOf, serviceOf, serviceSince, until } from '../watch/watch.js';

const STEADY_MS = 60_000;
/** Customers are answered well for this long before anything is caused (ms). */
const STEADY_FOR_MS = 3000;
const UPDATE_MS = 90_000;
const NAMED_MS = 60_000;
const VERIFY_MS = 60_000;
/** Requests that prove a recovery, and how many a second. */
const PROOF_REQUESTS = 20;
const PROOF_PER_SECOND = 5;
/** A request that finds a replica at rest takes milliseconds; one that first tries a dead address takes seconds. */
const PROMPT_MS = 1000;

/** Waits until all replicas run, their figures are read and customers are answered promptly. Nothing is caused before. */
export async function reachSteadyState(stage: Stage): Promise<SwarmService> {
  const { lab, tell } = stage;
  tell(
    'baseline',
    'begin',
    `waiting until ${lab.service.name} runs and answers for ${STEADY_FOR_MS / 1000} s`,
  );
  lab.client.load(2 * (STEADY_MS / 1000), PROOF_PER_SECOND, '/');
  const from = Date.now();
  const service = await until(
    stage,
    'all replicas run and customers are answered promptly',
    STEADY_MS,
    () => {
      const now = serviceOf(stage);
      const since = Date.now() - STEADY_FOR_MS;
      const recent = lab.client.answers(since);
      const prompt = recent.length >= 10 && recent.every(({ ok, ms }) => ok && ms < PROMPT_MS);
      const read = now !== undefined && replicasOf(stage).length === now.desired;
      return now && since > from && isSettled(now) && prompt && read ? now : undefined;
    },
  );
  lab.client.rest();
  tell('baseline', 'done', `${service.running} of ${service.desired} replicas run and answer`, {
    replicas: service.running,
    endpointMode: lab.endpoint.mode,
  });
  return service;
}

/** Lets customers ask for so many seconds and adds up how they fared. */
export async function underLoad(
  stage: Stage,
  load: { readonly seconds: number; readonly perSecond: number; readonly path: string },
): Promise<LoadFigures & { readonly since: number }> {
  const since = Date.now();
  stage.lab.client.load(load.seconds, load.perSecond, load.path);
  await until(stage, 'the load', (load.seconds + 5) * 1000, () =>
    Date.now() - since >= load.seconds * 1000 ? true : undefined,
  );
  return { ...loadFigures(stage.lab.client.answers(since)), since };
}

/** Waits until Swarm has carried out a change that was made at `since`: every task is new, and runs. */
export async function untilUpdated(stage: Stage, since: number, before: SwarmService): Promise<SwarmService> {
  const old = new Set(before.tasks.map(({ id }) => id));
  return until(stage, `the update of ${before.name} is carried out`, UPDATE_MS, () => {
    const now = serviceSince(stage, since);
    const running = (now?.tasks ?? []).filter(
      ({ state, desired }) => state === 'running' && desired === 'running',
    );
    const fresh = running.filter(({ id }) => !old.has(id)).length;
    const read = replicasOf(stage).length === now?.desired;
    return now && isSettled(now) && fresh === now.desired && read ? now : undefined;
  });
}

/** Waits until the diagnosis names it on top, and tells how. */
export async function untilNamed(stage: Stage, wanted: string): Promise<Finding> {
  const { marks, tell } = stage;
  const finding = await until(stage, `${wanted} is named on top`, NAMED_MS, () => {
    const found = findingsOf(stage);
    marks.named = found[0] ?? null;
    const at = found.findIndex(({ id }) => id === wanted);
    marks.rank = at < 0 ? null : at + 1;
    return found[0]?.id === wanted && found[0].state === 'firing' ? found[0] : undefined;
  });
  marks.namedAt = finding.namedAt ?? Date.now();
  const ms = Math.max(0, marks.namedAt - (marks.injectedAt ?? marks.namedAt));
  const confidence = finding.confidence.toFixed(2);
  tell(
    'named',
    'done',
    `${finding.title} (confidence ${confidence}, ${(ms / 1000).toFixed(1)} s after the trigger)`,
    {
      id: finding.id,
      confidence: finding.confidence,
      target: finding.target,
      ms,
    },
  );
  for (const line of finding.story) tell('named', 'progress', line);
  for (const { id, title, because } of finding.ruledOut)
    tell('named', 'progress', `not ${title}: ${because}`, { ruledOut: id });
  return finding;
}

/** How the findings page tells of the name it was given. */
export const namedIn = (
  { marks }: Stage,
  { title }: Finding,
): { readonly title: string; readonly ms: number } => ({
  title,
  ms: Math.max(0, (marks.namedAt ?? 0) - (marks.injectedAt ?? 0)),
});

/** Marks the first symptom, once. */
export function felt({ marks, tell }: Stage, at: number, text: string): void {
  if (marks.symptomAt !== null) return;
  marks.symptomAt = at;
  const ms = Math.max(0, at - (marks.injectedAt ?? at));
  tell('symptom', 'done', `${text} (${(ms / 1000).toFixed(1)} s after the trigger)`, { ms });
}

/** Replays what proves a recovery until it holds: replicas, limits, and twenty requests of a customer. */
export async function proveRecovery(
  stage: Stage,
  before: SwarmService,
  more: readonly VerifyCheck[] = [],
): Promise<readonly VerifyCheck[]> {
  const { lab, marks, tell } = stage;
  tell('verify', 'begin', `replicas, limits, ${PROOF_REQUESTS} requests`);
  const end = performance.now() + VERIFY_MS;
  for (;;) {
    const began = Date.now();
    const answers = await underLoad(stage, {
      seconds: PROOF_REQUESTS / PROOF_PER_SECOND,
      perSecond: PROOF_PER_SECOND,
      path: '/',
    });
    const checks = [...stateChecks(stage, before), requestsCheck(answers, Date.now() - began), ...more];
    const failed = checks.filter(({ state }) => state === 'failed');
    if (failed.length === 0) {
      marks.verifiedAt = Date.now();
      for (const { name, detail } of checks) tell('verify', 'progress', `passed  ${name}  ${detail}`);
      const mttr = marks.verifiedAt - (marks.symptomAt ?? marks.verifiedAt);
      tell('verify', 'done', `recovery is proven ${(mttr / 1000).toFixed(1)} s after the first symptom`, {
        mttrMs: mttr,
      });
      lab.client.rest();
      return checks;
    }
    const why = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    if (performance.now() > end) throw new ExperimentFailure(`recovery is not proven: ${why}`);
    tell('verify', 'progress', `not yet: ${why}`);
  }
}

export const check = (name: string, ok: boolean, detail: string, ms: number | null = null): VerifyCheck => ({
  name,
  state: ok ? 'passed' : 'failed',
  ms,
  detail,
});

function stateChecks(stage: Stage, before: SwarmService): VerifyCheck[] {
  const now = serviceOf(stage);
  const replicas = replicasOf(stage);
  const sameLimits =
    replicas.length === before.desired &&
    replicas.every(
      ({ container }) =>
        container?.limits.cpus === before.limits.cpus &&
        container.limits.memoryBytes === before.limits.memoryBytes,
    );
  return [
    check(
      'replicas',
      now !== undefined && now.desired === before.desired && now.running === now.desired,
      `${now?.running ?? 'unknown'} of ${before.desired} run`,
    ),
    check(
      'limits of the running containers',
      sameLimits,
      replicas
        .map(({ container }) => `${container?.limits.cpus} cores, ${container?.limits.memoryBytes} bytes`)
        .join('; '),
    ),
  ];
}

function requestsCheck(answers: LoadFigures, ms: number): VerifyCheck {
  const good = answers.sent - answers.failed;
  return check(
    'requests',
    good >= PROOF_REQUESTS && answers.failed === 0 && (answers.p95 ?? 0) < PROMPT_MS,
    `${good} of ${answers.sent} answered by ${answers.replicas} replicas, median ${Math.round(answers.p50 ?? 0)} ms`,
    ms,
  );
}
