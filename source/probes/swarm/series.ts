import { orNaN, type SeriesPoint } from '../source.js';
import type { SwarmSample } from './sample.js';

export function* swarmSeries({ services }: SwarmSample): Iterable<SeriesPoint> {
  for (const { name, running, desired, replacedInMs } of services) {
    yield [`swarm.running{${name}}`, running];
    yield [`swarm.desired{${name}}`, desired];
    yield [`swarm.replacedMs{${name}}`, orNaN(replacedInMs)];
  }
}
