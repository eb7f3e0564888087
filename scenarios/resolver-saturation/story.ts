import type { Finding } from '../../source/store/finding.js';
import type { FaultlineState, Outage, StoryStep } from '../../source/store/state.js';
import { elapsed } from '../../source/terminal/format.js';
import {
  database,
  databaseIsInnocent,
  failingTargets,
  namedFinding,
  stepsOf,
  whatToPress,
} from '../story-facts.js';

/**
 * Steps of the demonstration script of document Container Networking Exhaustion. What to look at stays within 66
 * columns: more is cut beside the step on a terminal of 80.
 */
const OF = 6;

const step = stepsOf(OF);

/**
 * Where the demonstration stands, told from what was measured and done, never from time: well → trigger →
 * symptoms → name → restart → proof and prevention.
 */
export function story(state: FaultlineState): StoryStep {
  const { action } = state;
  const spiking = action?.state === 'running' && /^(spike|breaking-point)$/.test(action.name);
  const { outage } = state;
  if (outage && outage.verifiedAt === null) return duringOutage(state, outage, spiking);
  if (spiking) return pulling(state);
  const over = outage ?? state.lastOutage;
  return over ? afterwards(state, over) : allIsWell(state);
}

function allIsWell(state: FaultlineState): StoryStep {
  const success = state.series.get('http.success')?.fromEnd(0)?.value;
  const healthy = success !== undefined && success >= 0.95;
  const figures = database(state) || 'every target answers';
  const next = state.session.readOnly ? '' : '; press s for the spike';
  const lookAt = healthy ? `${figures}${next}` : 'the application is starting; the probes will turn green';
  return step(1, healthy ? 'All is well' : 'It starts', lookAt, healthy ? 'the page loads' : 'not ready yet');
}

function pulling(state: FaultlineState): StoryStep {
  const text = state.action?.text;
  return step(
    2,
    'Pull the trigger',
    `${state.action?.name === 'spike' ? 'the spike' : 'the load'}${text ? `, ${text}` : ''}; next the lookups, then HTTP`,
    failingTargets(state) > 0 ? 'the page does not load' : 'the page still loads',
  );
}

function duringOutage(state: FaultlineState, outage: Outage, spiking: boolean): StoryStep {
  const named = namedFinding(state);
  const restarting = state.action?.name === 'restart' && state.action.state === 'running';
  if (restarting || outage.fixedAt !== null) return restart(state, restarting);
  if (named) return nameIt(named, state);
  if (outage.symptomAt === null) return spiking ? pulling(state) : absorbed();
  return step(
    3,
    'See the symptoms',
    `lookups or database? ${database(state)}`.trim(),
    'the page hangs, then fails: no error page, just a timeout',
  );
}

function absorbed(): StoryStep {
  return step(
    2,
    'Pull the trigger',
    'the spike is over and no probe has failed: absorbed so far',
    'the page loads, perhaps slowly',
  );
}

function nameIt(named: Finding, state: FaultlineState): StoryStep {
  const cleared = databaseIsInnocent(state) ? 'the database is innocent: ' : '';
  return step(
    4,
    'Name it',
    `${cleared}${whatToPress(named, state)}`,
    'the page does not load, and waiting does not help',
  );
}

function restart(state: FaultlineState, running: boolean): StoryStep {
  const failing = failingTargets(state);
  const lookAt = running
    ? 'the application restarts: the lookups that feed the queue vanish'
    : failing > 0
      ? 'the queue drains, then the first request is served'
      : 'every probe answers again; press v to prove the recovery';
  return step(5, 'Restart', lookAt, failing > 0 ? 'the page does not load yet' : 'the page loads again');
}

function afterwards(state: FaultlineState, outage: Outage): StoryStep {
  const checks = state.verification;
  const passed = checks.filter((check) => check.state === 'passed').length;
  const start = outage.symptomAt ?? outage.triggeredAt;
  const healed = outage.fixedAt === null;
  const took = start === null || outage.verifiedAt === null ? '' : elapsed(outage.verifiedAt - start);
  const proof =
    checks.length > 0
      ? `${passed} of ${checks.length} checks passed`
      : healed
        ? 'it healed by itself'
        : 'every probe answers again';
  const time = took === '' ? '' : healed ? ` after ${took}` : `, MTTR ${took}`;
  const next = state.session.readOnly ? '' : `; ${prevention(state)}`;
  const failing = failingTargets(state) > 0;
  return step(
    6,
    'Proof and prevention',
    `${proof}${time}${next}`,
    failing ? 'some pages fail' : 'the page loads',
  );
}

function prevention(state: FaultlineState): string {
  const on = state.hardening.filter((one) => one.on).map((one) => one.id);
  if (on.length === 0) return 'press h (bulkhead), then s';
  return `${on.length === 1 ? on[0] : `${on.length} switches`} on: press s again`;
}
