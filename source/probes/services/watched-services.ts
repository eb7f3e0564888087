import type { Clock } from '../../clock.js';
import type { Engine } from '../../engines/engine.js';
import { type Probe, Unavailable } from '../probe.js';
import { clientOf } from '../session.js';
import type { ServicesSample } from './sample.js';
import { createServicesProbe } from './services-probe.js';

/** The services of an engine; unavailable while it cannot be asked. */
export function createWatchedServices(engine: Engine, clock: Clock): Probe<ServicesSample> {
  const docker = clientOf(engine);
  const services = createServicesProbe({
    workloads: () => engine.list(),
    clock,
    ...(docker ? { docker } : {}),
  });
  return {
    ...services,
    get intervalMs() {
      return services.intervalMs;
    },
    // Whether the daemon is there is known without asking it: seen at once when it is back.
    longestBackoffMs: services.intervalMs,
    async run(context) {
      const trouble = engine.trouble?.();
      if (trouble) throw new Unavailable('not-readable', trouble.reason, trouble.mend);
      const sample = await services.run(context);
      const product = engine.product?.() ?? 'Docker';
      return product === 'Docker' ? sample : { ...sample, engine: product };
    },
  };
}
