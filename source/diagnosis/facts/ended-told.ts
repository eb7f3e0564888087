import type { History } from '../../store/history.js';
import { namePlace } from '../places.js';
import { database } from './database.js';
import { resolvers } from './dns.js';
import { type Ended, ended, isService, missedBy } from './ended.js';
import type { EndKind } from './events.js';
import { serviceAt } from './services.js';
import { isTaskInLoop } from './swarm.js';

/** How long the end of a container is told of. All but the count are ms. */
export interface ToldBounds {
  /** So many ends of this time are a loop. */
  readonly endsInALoop: { readonly value: number; readonly windowMs: number };
  /** A kill that is followed by a removal within so long is part of that. */
  readonly removedRightAfter: { readonly value: number };
  /** One that is away: while that is new, and while something near it fails or it was to stay. */
  readonly toldAway: { readonly value: number };
  readonly toldAwayWhileMissed: { readonly value: number };
  /** One that is back: in a loop, while its users still fail, and else. */
  readonly toldInALoop: { readonly value: number };
  readonly toldWhileFelt: { readonly value: number };
  readonly toldOnceBack: { readonly value: number };
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
export const badEnds = (history: History, bounds: ToldBounds): BadEnd[] =>
  ended(history, BAD_ENDS, bounds.endsInALoop.windowMs)
    .filter(({ service }) => !isTaskInLoop(history, service))
    .map((one) => {
      const { service, felt, ends, radius } = one;
      const address = database(history)?.address;
      return {
        ...one,
        told: isTold(one, bounds),
        loops: ends >= bounds.endsInALoop.value,
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

function isTold(one: Ended, bounds: ToldBounds): boolean {
  const { history, ending, felt, ends } = one;
  if (ending.backAt === null) return isToldAway(one, bounds);
  const { endsInALoop, toldInALoop, toldWhileFelt, toldOnceBack } = bounds;
  const lasts = ends >= endsInALoop.value ? toldInALoop : felt ? toldWhileFelt : toldOnceBack;
  return history.now - ending.backAt <= lasts.value;
}

function isToldAway(one: Ended, bounds: ToldBounds): boolean {
  const { history, service, ending, felt } = one;
  const ago = history.now - ending.at;
  // It may be the beginning of its removal.
  if (ending.kind === 'killed' && !felt && ago < bounds.removedRightAfter.value) return false;
  if (ago <= bounds.toldAway.value || missedBy(history, service).length > 0) return true;
  const isWanted = service.container?.restartPolicy !== 'no' && !service.container?.isTask;
  return ago <= bounds.toldAwayWhileMissed.value && (felt || isWanted);
}
