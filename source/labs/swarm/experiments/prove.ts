import type { SwarmService } from '../../../probes/samples.js';
import type { VerifyCheck } from '../../../store/state.js';
import { seconds } from '../../../terminal/format.js';
import type { Stage } from '../experiment.js';
import type { LoadFigures } from '../watch/figures.js';
import { ExperimentFailure, replicasOf, serviceOf } from '../watch/watch.js';
import { PROMPT_MS, underLoad } from './steps.js';

const VERIFY_MS = 60_000;
/** Requests that prove a recovery, and how many a second. */
const PROOF_REQUESTS = 20;
const PROOF_PER_SECOND = 5;

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
      tell('verify', 'done', `recovery is proven ${seconds(mttr)} after the first symptom`, {
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
