import type { FaultlineState, Outage, StoryStep } from '../source/store/state.js';
import { elapsed, plural } from '../source/terminal/format.js';
import type { FailureMode } from './failure-mode.js';
import { database, failingTargets, namedFinding, stepsOf, whatToPress } from './story-facts.js';

/** What to look at stays within 66 columns, as in every story. */
const OF = 5;

const step = stepsOf(OF);

/** The demonstration of a mode that has no script of its own: well → cause it → symptoms → name → proof. Pure. */
export function plainStory(mode: FailureMode): (state: FaultlineState) => StoryStep {
  return (state) => {
    const { outage } = state;
    const sees = failingTargets(state) > 0 ? 'errors, or a page that does not load' : 'the page loads';
    if (outage && outage.verifiedAt === null) return duringOutage(state, outage, sees);
    const over = outage ?? state.lastOutage;
    return over ? afterwards(state, over, sees) : before(mode, state, sees);
  };
}

function before(mode: FailureMode, state: FaultlineState, sees: string): StoryStep {
  const figures = database(state) || 'every target answers';
  const next = state.session.readOnly ? '' : `; press i, ${mode.id}`;
  // What fails before anything was caused is not called well.
  const failing = failingTargets(state);
  if (failing > 0) return step(1, 'Not well yet', `${plural(failing, 'target')} yet to answer well`, sees);
  return step(1, 'All is well', `${figures}${next}`, sees);
}

function duringOutage(state: FaultlineState, outage: Outage, sees: string): StoryStep {
  if (outage.fixedAt !== null) return step(5, 'Mend it', 'the probes turn green one after the other', sees);
  const named = namedFinding(state);
  if (named) return step(4, 'Name it', whatToPress(named, state), sees);
  if (outage.symptomAt !== null)
    return step(3, 'See the symptoms', 'which figures are sick, which are innocent?', sees);
  return step(2, 'Cause it', 'the fault is in; who feels it first?', sees);
}

function afterwards(state: FaultlineState, outage: Outage, sees: string): StoryStep {
  const start = outage.symptomAt ?? outage.triggeredAt;
  const took =
    start === null || outage.verifiedAt === null ? '' : `, down for ${elapsed(outage.verifiedAt - start)}`;
  const passed = state.verification.filter((check) => check.state === 'passed').length;
  const proof =
    state.verification.length > 0 ? `${passed} of ${state.verification.length} checks passed` : 'recovered';
  return step(5, 'Proof', `${proof}${took}`, sees);
}
