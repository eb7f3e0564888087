import type { ActionResult } from '../../actions/action.js';
import { sureText } from '../../store/finding-rows.js';
import type { FaultlineState } from '../../store/state.js';
import { duration } from '../../terminal/format.js';
import type { RunContext } from './context.js';
import { topFindings, unsteady } from './observe.js';
import { failedSince, type Symptom, symptomSince } from './symptoms.js';
import { RunFailure, waitFor } from './waiting.js';

/** Causes the failure, and while that goes on waits until it is felt and until it is named. */
export async function causeAndName(context: RunContext): Promise<void> {
  const { runtime, causing, marks, tell } = context;
  const wrong = unsteady(runtime.store.getState());
  if (wrong !== undefined) throw new RunFailure(`something else broke, so nothing was caused: ${wrong}`);
  marks.foundBefore = topFindings(runtime.store.getState()).map(({ id }) => id);
  const injectedAt = runtime.clock.wall();
  marks.injectedAt = injectedAt;
  tell('inject', 'begin', causing.describe);
  let refused: string | undefined;
  const injecting = runtime.act('inject', causing.id).then((result: ActionResult) => {
    if (!result.ok) refused = result.text;
    // A burst ends after its last timeout: that may be later than the first symptom and even the name.
    else if (!context.signal.aborted) {
      tellEffects(context);
      tell('inject', 'done', result.text);
    }
    return result;
  });
  const failIfRefused = (): void => {
    if (refused !== undefined) throw new RunFailure(`it could not be caused: ${refused}`);
  };
  try {
    await feel(context, failIfRefused);
    await name(context, failIfRefused);
  } finally {
    if (context.signal.aborted) await runtime.act('cancel');
    await injecting;
  }
  failIfRefused();
}

/** Wall-clock ms from which a symptom may be the failure's: its first fault's; null while none is in place. */
function placedAt({ runtime, causing, marks }: RunContext): number | null {
  const { lab } = runtime;
  if (!causing.takesFaults || lab?.kind !== 'docker') return marks.injectedAt;
  const active = lab.desk.active();
  return active.length === 0 ? null : Math.min(...active.map((fault) => fault.since));
}

/** Whether what was caused had its effect, as the fault desk saw it. */
function tellEffects({ runtime, tell }: RunContext): void {
  const active = runtime.lab?.kind === 'docker' ? runtime.lab.desk.active() : [];
  for (const { plan, effect } of active)
    if (effect)
      tell('inject', 'progress', `${plan.what}: ${effect.verdict}, ${effect.signal}`, {
        verdict: effect.verdict,
        signal: effect.signal,
        means: plan.means,
      });
}

async function feel(context: RunContext, failIfRefused: () => void): Promise<void> {
  const { runtime, timeouts, signal, marks, tell } = context;
  const injectedAt = marks.injectedAt ?? 0;
  let since = injectedAt;
  const symptom = await waitFor(runtime, timeouts.symptomMs, signal, (state) => {
    failIfRefused();
    const placed = placedAt(context);
    if (placed !== null) since = placed;
    else {
      // Whatever fails before the fault is there was not caused by it.
      const other = failedSince(state, injectedAt);
      if (other) throw new RunFailure(`something else broke before the fault was in place: ${other}`);
      return undefined;
    }
    const felt = symptomSince(state, since);
    marks.felt = felt !== undefined;
    return felt ?? seenBeforeFelt(state, context.mode.id, since);
  });
  if (!symptom) throw new RunFailure(`nobody felt it within ${timeouts.symptomMs / 1000} s`);
  marks.symptomAt = symptom.at;
  const ms = symptom.at - since;
  tell('symptom', 'done', `${symptom.text} (${duration(ms)} after the trigger)`, { ms });
}

/** A leak or a risk is seen long before anybody feels it: the finding itself is then its first symptom. */
function seenBeforeFelt(state: FaultlineState, id: string, since: number): Symptom | undefined {
  const finding = state.findings.find((one) => one.id === id);
  return finding && { at: Math.max(since, finding.since), text: `nobody feels it yet: ${finding.title}` };
}

async function name(context: RunContext, failIfRefused: () => void): Promise<void> {
  const { runtime, mode, timeouts, signal, marks, tell } = context;
  const wanted = mode.id;
  let told: string | null = null;
  const look = (state: FaultlineState) => {
    failIfRefused();
    const top = topFindings(state).filter(({ id }) => id === wanted || !marks.foundBefore.includes(id));
    marks.named = top[0]?.id ?? null;
    const at = top.findIndex((finding) => finding.id === wanted);
    marks.rank = at < 0 ? null : at + 1;
    const first = top[0];
    if (first && first.id === wanted && first.state === 'firing') return first;
    if (first && first.id !== told) {
      told = first.id;
      if (first.id !== wanted) tell('named', 'progress', `not it: ${first.title}`, { id: first.id });
    }
    return undefined;
  };
  const finding = await waitFor(runtime, timeouts.namedMs, signal, look);
  if (!finding)
    throw new RunFailure(
      `not named within ${timeouts.namedMs / 1000} s of the symptom; on top: ${marks.named ?? 'nothing'}`,
    );
  marks.namedAt = finding.namedAt ?? runtime.clock.wall();
  const ms = Math.max(0, marks.namedAt - (marks.symptomAt ?? marks.namedAt));
  tell('named', 'done', `${finding.title} (${sureText(finding)}, ${duration(ms)} after the symptom)`, {
    id: finding.id,
    confidence: finding.confidence,
    target: finding.target,
    ms,
  });
  for (const line of finding.explanation) tell('named', 'progress', line);
  for (const rival of finding.ruledOut)
    tell('named', 'progress', `not ${rival.title}: ${rival.because}`, { ruledOut: rival.id });
}
