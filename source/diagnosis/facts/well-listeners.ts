import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { resolvers } from './dns.js';
import { failing, targets } from './http.js';
import { isFrozen, isGone, processText, serviceAt } from './services.js';

/** The figures that clear who serves the targets: that they accept connections, and that they answer. */

/** That every target's address accepts connections, by the first of them; undefined where one takes none: that leaves the suspicion standing. */
export function acceptingText(history: History): string | undefined {
  const accepting = [...failing(history), ...targets(history)].map(({ address, sample }) => {
    const service = serviceAt(history, address);
    const { connect } = sample.phases;
    if ((service && isGone(service)) || connect === null || sample.failure?.kind === 'refused')
      return undefined;
    return `${service?.name ?? address} accepts connections in ${duration(connect)}`;
  });
  return accepting.every((text) => text !== undefined) ? accepting[0] : undefined;
}

/** That the target in trouble answers all the same, or waits for another that is in trouble; undefined where neither is seen. */
export function answeringText(history: History): string | undefined {
  const sick = failing(history)[0];
  const view = sick ?? targets(history)[0];
  if (!view) return undefined;
  const service = serviceAt(history, view.address);
  if (service && isFrozen(service)) return undefined;
  if (!sick) return `${view.target} answers in ${duration(view.sample.totalMs)}`;
  const other = targets(history).find((one) => one.address === sick.address && one.sample.ok);
  if (other) return `${other.target} answers in ${duration(other.sample.totalMs)}`;
  if (sick.sample.status !== null) return `${sick.target} answers: status ${sick.sample.status}`;
  if (sick.sample.failure?.kind === 'refused') return `${sick.target} is refused at once, not left waiting`;
  // That it runs clears it only when something else it waits for is seen to be sick.
  const waits = resolvers(history).some(({ names }) => names.some((name) => name.failingSince !== null));
  return service?.processState && waits ? `${service.name}: ${processText(service)}; it waits` : undefined;
}
