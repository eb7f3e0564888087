import type { Action } from '../actions/action.js';
import { createBreakingPoint } from '../actions/breaking-point.js';
import { createLifecycle, doToAll, workloadsOf } from '../actions/lifecycle.js';
import { createSpike, SPIKE_COUNT } from '../actions/spike.js';
import { createVerify } from '../actions/verify.js';
import type { Clock } from '../clock.js';
import type { Engine } from '../engines/engine.js';
import { isVerb, type Verb } from '../engines/verbs.js';
import type { Lab } from '../labs/lab.js';
import type { ProbeOutcome } from '../probes/probe.js';
import type { ActionName } from '../store/action-name.js';
import type { Recovery } from '../store/recovery.js';
import type { Store } from '../store/state.js';
import type { Injections } from './injections.js';
import { noteFix } from './outage-marks.js';
import { validationOf } from './validation.js';

/** What actions are built from. */
export interface DeskParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly lab: Lab | undefined;
  readonly engine: Engine | undefined;
  readonly injections: Injections;
  /** How the system shows that it is well again. */
  readonly recovery: Recovery;
  readonly readOnly: boolean;
  /** A probe's outcome from now; undefined when there is no such probe. */
  readonly fresh: (probe: string) => Promise<ProbeOutcome | undefined>;
}

/** An action that may run while another one does: it takes no time and stands in nobody's way. */
export type PlannedAction = Action & { readonly alongside?: boolean };

type Refused = { readonly refused: string };

type Builder = (lab: Lab, argument: string | undefined, parts: DeskParts) => PlannedAction | Refused;

const NO_LAB = 'this needs the lab, and this is a host; start one: faultline demo';
const NO_TARGET = 'nothing can be verified: no HTTP target was given; faultline --target URL';
const NO_ENGINE = 'no services are watched here: Docker is not on this host, or does not answer';
const READ_ONLY = 'read-only: started with --read-only, so nothing is changed';

/** The verification that follows a restart by itself is replayed so long (ms): what was queued before drains meanwhile. */
export const AFTER_RESTART_MS = 30_000;

const BUILDERS: Partial<Record<ActionName, Builder>> = {
  spike: (lab, argument, { clock }) => {
    const count = argument === undefined ? SPIKE_COUNT : Number(argument);
    return createSpike({ url: lab.recovery.customer.url, count, clock });
  },
  'breaking-point': (lab, _argument, { store, clock }) =>
    createBreakingPoint({
      url: lab.recovery.customer.url,
      clock,
      async restart() {
        noteFix(store, clock.wall(), `restart ${lab.app}, which stopped healing`);
        await doToAll(lab.engine, 'restart', lab.app);
      },
    }),
  harden: (lab, argument, { store }) => harden(lab, argument, store),
  inject: (_lab, argument, { injections }) => {
    const causing = argument === undefined ? undefined : injections.find(argument);
    if (!causing) return { refused: `no failure mode on this lab is called ${argument ?? '(none)'}` };
    return {
      name: 'inject',
      title: `${causing.title}: ${causing.describe}`,
      touches: causing.describe,
      deadlineMs: 60_000,
      async run({ signal, progress }) {
        const text = await injections.inject(causing, signal, (line, share) =>
          progress({ text: line, share }),
        );
        return { ok: true, text };
      },
    };
  },
  'undo-all': (_lab, _argument, { injections }) => ({
    name: 'undo-all',
    title: 'undo all',
    touches: 'every fault that is injected now',
    deadlineMs: 60_000,
    async run() {
      const undone = await injections.undoAll();
      if (undone.length === 0) return { ok: true, text: 'nothing was injected' };
      return { ok: undone.every(({ ok }) => ok), text: undone.map(({ text }) => text).join('; ') };
    },
  }),
};

function lifecycle(engine: Engine, verb: Verb, argument: string | undefined): PlannedAction | Refused {
  if (argument !== undefined && workloadsOf(engine, argument).length > 0)
    return createLifecycle(engine, verb, argument);
  const known = engine.list().map((workload) => workload.name);
  return { refused: `no service is called ${argument ?? '(none)'}; there are ${known.join(', ') || 'none'}` };
}

/**
 * Replayed for `patienceMs` until it passes; without one it is tried once. On a host its targets are asked once more,
 * wherever they are: their probes do no less.
 */
function verify(patienceMs: string | undefined, parts: DeskParts): PlannedAction | Refused {
  const { lab, recovery, store, fresh, clock } = parts;
  if (recovery.checks.length === 0) return { refused: NO_TARGET };
  return createVerify({
    checks: recovery.checks,
    allowRemote: lab === undefined,
    patienceMs: Number(patienceMs ?? 0),
    clock,
    validation: validationOf(recovery, store, fresh),
    onUpdate: (verification) => store.setState({ verification }),
  });
}

function harden(lab: Lab, id: string | undefined, store: Store): PlannedAction | Refused {
  const hardening = lab.hardening().find((candidate) => candidate.id === id);
  if (!hardening) {
    const known = lab.hardening().map((candidate) => candidate.id);
    return { refused: `no switch is called ${id ?? '(none)'}; there are ${known.join(', ')}` };
  }
  const word = hardening.on ? 'off' : 'on';
  return {
    name: 'harden',
    title: `${hardening.title}: ${word}`,
    touches: hardening.explains,
    deadlineMs: 10_000,
    alongside: true,
    async run() {
      await lab.setHardening(hardening.id, !hardening.on);
      store.setState({ hardening: lab.hardening() });
      return { ok: true, text: `${hardening.title} is ${word}` };
    },
  };
}

/** The action of a command, or why there is none now. Throws for a command that is not the runtime's. */
export function buildAction(
  name: ActionName,
  argument: string | undefined,
  parts: DeskParts,
): PlannedAction | Refused {
  const builder = BUILDERS[name];
  if (!builder && !isVerb(name) && name !== 'verify') throw new Error(`${name} is no action of the runtime`);
  if (parts.readOnly) return { refused: READ_ONLY };
  if (isVerb(name))
    return parts.engine ? lifecycle(parts.engine, name, argument ?? parts.lab?.app) : { refused: NO_ENGINE };
  if (name === 'verify') return verify(argument, parts);
  if (!builder) return { refused: NO_LAB };
  return parts.lab ? builder(parts.lab, argument, parts) : { refused: NO_LAB };
}
