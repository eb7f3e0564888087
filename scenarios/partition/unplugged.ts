import { isFrozen, isGone } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** A container that runs and was taken off one of its networks. */
export interface Unplugged {
  readonly service: ServiceSample;
  readonly network: string;
  /** Wall-clock ms. */
  readonly at: number;
  /** Names of the networks it is still on. */
  readonly left: readonly string[];
}

/** The newest of them, or undefined. One that was put back, or has ended meanwhile, is none. */
export function unplugged(history: History): Unplugged | undefined {
  const events = fresh(history.latest.events)?.events ?? [];
  const services = fresh(history.latest.services)?.services ?? [];
  for (const { workload, action, network = '', at } of [...events].reverse()) {
    if (action !== 'disconnect') continue;
    const service = services.find(({ name }) => name === workload);
    if (!service?.container || isGone(service) || isFrozen(service)) continue;
    const its = events.filter((event) => event.workload === workload);
    const ended = its.some((event) => event.action === 'die' && Math.abs(event.at - at) <= THRESHOLDS.endMs);
    const left = service.container.networks.filter(({ address }) => address !== null).map(({ name }) => name);
    if (!ended && !left.includes(network)) return { service, network, at, left };
  }
  return undefined;
}
