import type { History } from '../../store/history.js';
import { answered, byClient, type NameView, resolvers, SLOW_LOOKUP_MS } from './dns.js';
import { lastPass } from './values.js';

/** Whether lookups let somebody wait. */

/** Whether the last run of a name ended unresolved because somebody stayed silent while its client waited. */
export const waitedOut = (view: NameView): boolean =>
  !view.sample.resolved && view.sample.steps.some((step) => step.outcome === 'timeout');

/** Whether a name has answered well, and in good time, twice in a row. */
export const settled = ({ ok, ms }: NameView): boolean =>
  lastPass(ok, 2, (value) => value === 1) && lastPass(ms, 2, (value) => value < SLOW_LOOKUP_MS);

/** A name that somebody denies at once and that never was valid while watched: a search-list miss, no trouble. */
const neverWas = ({ sample, late, ok }: NameView): boolean =>
  late.length === 0 &&
  sample.steps.every((step) => answered(step.outcome) && step.ms < SLOW_LOOKUP_MS) &&
  !ok.some((point) => point.value === 1);

/**
 * A nameserver that nobody has to wait for: another one gives the same name, and is asked before it or at once after
 * it (resolv.conf(5): the next one is asked when one refuses, or after its timeout).
 */
function spared(view: NameView, place: number, all: readonly NameView[]): boolean {
  const other = all.findIndex((one) => one !== view && one.name === view.name && settled(one));
  const quick = view.sample.steps.every((step) => step.outcome !== 'timeout');
  return other >= 0 && !view.sample.resolved && (quick || other < place);
}

/** Whether any resolver let a client wait in vain, or nearly so, lately: the waits of others may be its doing. */
export function lookupsTroubled(
  history: History,
  ms: number,
  isMeant: (client: string | null) => boolean = () => true,
): boolean {
  const since = history.now - ms;
  const meant = resolvers(history).filter(({ client }) => isMeant(client));
  return byClient(meant).some((views) => {
    const all = views.flatMap((view) => view.names);
    return all
      .filter((view, place) => !neverWas(view) && !spared(view, place, all))
      .some(
        (view) =>
          view.late.length > 0 ||
          !view.sample.resolved ||
          view.ok.some((point) => point.at >= since && point.value === 0) ||
          view.ms.some((point) => point.at >= since && point.value >= SLOW_LOOKUP_MS),
      );
  });
}
