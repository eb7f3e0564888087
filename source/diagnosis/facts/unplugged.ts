import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { answersNobody } from './services.js';
import { fresh } from './values.js';

/** A container that runs and was taken off one of its networks. */
export interface Unplugged {
  readonly service: ServiceSample;
  readonly network: string;
  /** Wall-clock ms. */
  readonly at: number;
  /** Names of the networks it is still on. */
  readonly left: readonly string[];
}

/** A container that ends is taken off its networks, too: an end within this time (ms) explains it. */
export interface UnplugBounds {
  readonly endBeside: { readonly windowMs: number };
}

/**
 * Every container that was taken off a network lately, the newest first, each once. One that was put back, or has ended
 * meanwhile, is none.
 */
export function unplugged(history: History, { endBeside }: UnplugBounds): Unplugged[] {
  const events = fresh(history.latest.events)?.events ?? [];
  const services = fresh(history.latest.services)?.services ?? [];
  const found = new Map<string, Unplugged>();
  for (const { workload, action, network = '', at } of [...events].reverse()) {
    const service = services.find(({ name }) => name === workload);
    if (action !== 'disconnect' || !service?.container || answersNobody(service)) continue;
    const ended = events.some(
      (one) =>
        one.workload === workload && one.action === 'die' && Math.abs(one.at - at) <= endBeside.windowMs,
    );
    const left = service.container.networks.filter(({ address }) => address !== null).map(({ name }) => name);
    if (!ended && !left.includes(network) && !found.has(workload))
      found.set(workload, { service, network, at, left });
  }
  return [...found.values()];
}
