import type { SwarmService } from '../../../probes/samples.js';
import type { Finding } from '../../../store/finding.js';
import { seconds } from '../../../terminal/format.js';
import type { Stage } from '../experiment.js';
import { type LoadFigures, loadFigures } from '../watch/figures.js';
import { findingsOf } from '../watch/named.js';
import { isSettled, replicasOf, serviceOf, serviceSince, until } from '../watch/watch.js';

const STEADY_MS = 60_000;
/** Customers are answered well for this long before anything is caused (ms). */
const STEADY_FOR_MS = 3000;
const UPDATE_MS = 90_000;
const NAMED_MS = 60_000;
const PER_SECOND = 5;
/** A request that finds a replica at rest takes milliseconds; one that first tries a dead address takes seconds. */
export const PROMPT_MS = 1000;

/** Waits until all replicas run, their figures are read and customers are answered promptly. Nothing is caused before. */
export async function reachSteadyState(stage: Stage): Promise<SwarmService> {
  const { lab, tell } = stage;
  tell(
    'baseline',
    'begin',
    `waiting until ${lab.service.name} runs and answers for ${STEADY_FOR_MS / 1000} s`,
  );
  lab.client.load(2 * (STEADY_MS / 1000), PER_SECOND, '/');
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
  tell('named', 'done', `${finding.title} (confidence ${confidence}, ${seconds(ms)} after the trigger)`, {
    id: finding.id,
    confidence: finding.confidence,
    target: finding.target,
    ms,
  });
  for (const line of finding.explanation) tell('named', 'progress', line);
  for (const { id, title, because } of finding.ruledOut)
    tell('named', 'progress', `not ${title}: ${because}`, { ruledOut: id });
  return finding;
}

/** The same finding as it stands now: more of it may be known some seconds later. */
export const asItStands = (stage: Stage, finding: Finding): Finding =>
  findingsOf(stage).find(({ id }) => id === finding.id) ?? finding;

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
  tell('symptom', 'done', `${text} (${seconds(ms)} after the trigger)`, { ms });
}
