import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import { namePlace } from '../places.js';
import type { Thresholds } from '../threshold.js';
import { database } from './database.js';
import { resolvers } from './dns.js';
import { causeOfEnd, type Ended, ended, isService, missedBy, TOLD_AWAY } from './ended.js';
import type { EndKind } from './events.js';
import { serviceAt } from './services.js';
import { isTaskInLoop } from './swarm.js';

/** How long the end of a container that nobody asked for is told of. */
export const HOW_LONG_TOLD = {
  removedRightAfter: {
    unit: 'ms',
    value: 1500,
    source: 'docker rm -f is kill(9) → die → destroy within half a second (measured)',
  },
  ...TOLD_AWAY,
  toldInALoop: {
    unit: 'ms',
    value: 120_000,
    source: 'moby restartmanager: at most a minute between two tries, and as long to see it run',
  },
  toldOnceBack: { unit: 'ms', value: 15_000, source: 'our choice: one that is back and missed by nobody' },
  toldWhileFelt: { unit: 'ms', value: 30_000, source: 'our choice: its users still fail, or it is a loop' },
} as const satisfies Thresholds;

/** So many ends in so long (ms) are a loop. */
export interface LoopOfEnds {
  readonly value: number;
  readonly windowMs: number;
}

const BAD_ENDS: readonly EndKind[] = ['killed', 'killed-from-outside', 'crashed'];

/** A container that was killed, or ended by itself, with what is to be told of it. */
export interface BadEnd extends Ended {
  /** Still to be told of: away and missed, or ended just now; or back so lately that what it broke may still be broken. */
  readonly told: boolean;
  /** It ends again and again. */
  readonly loops: boolean;
  /** Its users fail, or somebody asks for it. */
  readonly isMissed: boolean;
  /** Nobody is to be troubled: a task that is over, or what ended by itself, misses nobody, and was not there to stay. */
  readonly isLeft: boolean;
  /** How it ended, to stand behind its name. */
  readonly how: string;
  /** What it is taken for from further off: the database that is entered, a name that is asked for. */
  readonly isDatabase: boolean;
  readonly isAskedFor: boolean;
}

/** Every one; tasks of a Swarm service that fail again and again are told of with their service. */
export const badEnds = (history: History, loop: LoopOfEnds): BadEnd[] =>
  ended(history, BAD_ENDS, loop.windowMs)
    .filter(({ service }) => !isTaskInLoop(history, service))
    .map((one) => {
      const { service, felt, ends, radius } = one;
      const address = database(history)?.address;
      const loops = ends >= loop.value;
      return {
        ...one,
        told: isTold(one, loops),
        loops,
        isMissed: felt || missedBy(history, service).length > 0,
        isLeft: isLeft(one),
        how: howItEnded(one),
        isDatabase: address !== undefined && serviceAt(history, address)?.name === service.name,
        isAskedFor: resolvers(history).some(({ names }) =>
          names.some(({ name }) => radius.includes(namePlace(name))),
        ),
      };
    });

function howItEnded({ ending: { kind, code, witnessed } }: Ended): string {
  if (kind === 'killed') return 'was killed (docker kill, SIGKILL)';
  if (kind === 'killed-from-outside')
    return witnessed ? 'was killed (SIGKILL) by someone other than Docker' : 'was killed (SIGKILL)';
  return `ended by itself with exit code ${code ?? 'unknown'}`;
}

function isLeft({ history, service, ending, felt }: Ended): boolean {
  if (service.container?.isTask) return true;
  if (ending.kind !== 'crashed' || ending.backAt !== null || isService(history, service)) return false;
  return !felt && missedBy(history, service).length === 0;
}

function isTold(one: Ended, loops: boolean): boolean {
  const { history, ending, felt } = one;
  if (ending.backAt === null) return isToldAway(one);
  const { toldInALoop, toldWhileFelt, toldOnceBack } = HOW_LONG_TOLD;
  const lasts = loops ? toldInALoop : felt ? toldWhileFelt : toldOnceBack;
  return history.now - ending.backAt <= lasts.value;
}

function isToldAway({ history, service, ending, felt }: Ended): boolean {
  const { removedRightAfter, toldAway, toldAwayWhileMissed } = HOW_LONG_TOLD;
  const ago = history.now - ending.at;
  // It may be the beginning of its removal.
  if (ending.kind === 'killed' && !felt && ago < removedRightAfter.value) return false;
  if (ago <= toldAway.value || missedBy(history, service).length > 0) return true;
  const isWanted = service.container?.restartPolicy !== 'no' && !service.container?.isTask;
  return ago <= toldAwayWhileMissed.value && (felt || isWanted);
}

/** How it ended, why, how long it was away, and who fails since, in words. */
export function endLines(one: BadEnd): string[] {
  const { ending, awayMs, failing, isLeft } = one;
  const since = isLeft ? `${duration(awayMs)} ago` : `away for ${duration(awayMs)}, not back yet`;
  return gather(
    `${ending.workload}: ${ending.trail}`,
    causeOfEnd(one),
    ending.backAt === null ? since : `it was away for ${duration(awayMs)}`,
    failing.length > 0 && `targets of its users that fail since: ${failing.length}`,
  );
}
