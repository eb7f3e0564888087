import type { InsideSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { networksInside } from './inside.js';
import { isOnHost, serviceOf } from './services.js';

/** The networks of containers, each once, but for the host's own: that is read by itself. */
export const apartFromHost = (history: History): InsideSample[] =>
  networksInside(history).filter(({ name }) => {
    const service = serviceOf(history, name);
    return service === undefined || !isOnHost(service);
  });
