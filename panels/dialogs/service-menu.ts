import { unfit, VERB_NAMES, VERBS, type Verb } from '../../source/engines/verbs.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState } from '../../source/store/state.js';

/** One line of the menu of a service. */
export interface ServiceChoice {
  readonly verb: Verb;
  readonly explains: string;
  /** Why it would do nothing now, or undefined. */
  readonly why: string | undefined;
}

/** The services that a name means: the one of that name, or the replicas of it. */
export function servicesNamed(state: FaultlineState, name: string): readonly ServiceSample[] {
  const all = state.latest.services?.sample.services ?? [];
  const one = all.filter((service) => service.name === name);
  return one.length > 0 ? one : all.filter((service) => service.group === name);
}

/** What can be done to a service, always in the same order; of a group's replicas one that it fits is enough. */
export function serviceChoices(state: FaultlineState, name: string): readonly ServiceChoice[] {
  const services = servicesNamed(state, name);
  return VERB_NAMES.map((verb) => {
    const reasons = services.map((service) => unfit(verb, service.state));
    const fits = reasons.length === 0 || reasons.includes(undefined);
    return { verb, explains: VERBS[verb].touches, why: fits ? undefined : reasons[0] };
  });
}
