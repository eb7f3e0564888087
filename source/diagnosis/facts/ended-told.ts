import { type Ended, isService, missedBy } from './ended.js';

/** How long the end of a container is told of. All but the count are ms. */
export interface ToldBounds {
  /** So many ends are a loop. */
  readonly endsInALoop: { readonly value: number };
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

/** Whether it ends again and again. */
export const isLoop = ({ ends }: Ended, { endsInALoop }: Pick<ToldBounds, 'endsInALoop'>): boolean =>
  ends >= endsInALoop.value;

/** Whether nobody is to be troubled: a task that is over, or what ended by itself, misses nobody, and was not there to stay. */
export function isLeft({ history, service, ending, felt }: Ended): boolean {
  if (service.container?.isTask) return true;
  if (ending.kind !== 'crashed' || ending.backAt !== null || isService(history, service)) return false;
  return !felt && missedBy(history, service).length === 0;
}

/** Whether an end is still to be told of: away and missed, or ended just now; or back so lately that what it broke may still be broken. */
export function isEndTold(one: Ended, bounds: ToldBounds): boolean {
  const { history, ending, felt } = one;
  if (ending.backAt === null) return isToldAway(one, bounds);
  const { toldInALoop, toldWhileFelt, toldOnceBack } = bounds;
  const lasts = isLoop(one, bounds) ? toldInALoop : felt ? toldWhileFelt : toldOnceBack;
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
