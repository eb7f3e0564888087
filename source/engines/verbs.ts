/** What can be done to the life of a workload. This is the one list of it; its order is the order of every menu. */

interface Meaning {
  readonly doing: string;
  readonly done: string;
  /** What it means for whom it is done to, for the menu and the confirmation. */
  readonly touches: string;
  /** Whether it takes a service away or is meant to bring it back. */
  readonly effect: 'breaks' | 'mends';
}

export const VERBS = {
  restart: {
    doing: 'stopping and starting',
    done: 'restarted',
    touches: 'asks it to end and starts it again: its connections and waiting requests are dropped',
    effect: 'mends',
  },
  stop: {
    doing: 'stopping',
    done: 'stopped',
    touches: 'asks it to end (SIGTERM, after a while SIGKILL) and leaves it down',
    effect: 'breaks',
  },
  start: { doing: 'starting', done: 'started', touches: 'starts it as it was made', effect: 'mends' },
  kill: {
    doing: 'killing',
    done: 'killed',
    touches: 'ends it at once (SIGKILL): nothing is saved, and it stays down until it is started',
    effect: 'breaks',
  },
  pause: {
    doing: 'pausing',
    done: 'paused',
    touches: 'freezes it: connections stay open and nothing answers',
    effect: 'breaks',
  },
  unpause: {
    doing: 'unpausing',
    done: 'unpaused',
    touches: 'lets it go on where it was frozen',
    effect: 'mends',
  },
} as const satisfies Readonly<Record<string, Meaning>>;

export type Verb = keyof typeof VERBS;

export const VERB_NAMES = Object.keys(VERBS) as readonly Verb[];

/** The verbs with this effect. */
export const verbsThat = (effect: Meaning['effect']): readonly Verb[] =>
  VERB_NAMES.filter((verb) => VERBS[verb].effect === effect);

export const isVerb = (name: string): name is Verb => Object.hasOwn(VERBS, name);

/** Why a verb does nothing for a workload in this state (`WorkloadState`), or undefined when it does something. */
export function unfit(verb: Verb, state: string): string | undefined {
  if (state === 'unknown') return undefined;
  const ended = state === 'exited';
  if (verb === 'start') return ended ? undefined : 'it is not stopped';
  if (verb === 'stop' || verb === 'kill') return ended ? 'it does not run' : undefined;
  if (verb === 'pause') return ended ? 'it does not run' : state === 'paused' ? 'it is paused' : undefined;
  return verb === 'unpause' && state !== 'paused' ? 'it is not paused' : undefined;
}
