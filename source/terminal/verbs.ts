/** What can be done to the life of a service. */
export type Verb = 'restart' | 'stop' | 'start' | 'kill' | 'pause' | 'unpause';

interface Meaning {
  readonly doing: string;
  readonly done: string;
  /** What it means for whom it is done to, for the menu and the confirmation. */
  readonly touches: string;
}

export const VERBS: Readonly<Record<Verb, Meaning>> = {
  restart: {
    doing: 'stopping and starting',
    done: 'restarted',
    touches: 'asks it to end and starts it again: its connections and waiting requests are dropped',
  },
  stop: {
    doing: 'stopping',
    done: 'stopped',
    touches: 'asks it to end (SIGTERM, after a while SIGKILL) and leaves it down',
  },
  start: { doing: 'starting', done: 'started', touches: 'starts it as it was made' },
  kill: {
    doing: 'killing',
    done: 'killed',
    touches: 'ends it at once (SIGKILL): nothing is saved, and it stays down until it is started',
  },
  pause: {
    doing: 'pausing',
    done: 'paused',
    touches: 'freezes it: connections stay open and nothing answers',
  },
  unpause: { doing: 'unpausing', done: 'unpaused', touches: 'lets it go on where it was frozen' },
};

/** Why a verb does nothing for a service in this state, or undefined when it does something. */
export function unfit(verb: Verb, state: string): string | undefined {
  if (state === 'unknown') return undefined;
  const ended = state === 'exited';
  if (verb === 'start') return ended ? undefined : 'it is not stopped';
  if (verb === 'stop' || verb === 'kill') return ended ? 'it does not run' : undefined;
  if (verb === 'pause') return ended ? 'it does not run' : state === 'paused' ? 'it is paused' : undefined;
  return verb === 'unpause' && state !== 'paused' ? 'it is not paused' : undefined;
}
