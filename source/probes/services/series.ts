import { orNaN, type SeriesPoint } from '../source.js';
import type { ServicesSample } from './sample.js';

export function* servicesSeries({ services }: ServicesSample): Iterable<SeriesPoint> {
  for (const { name, state, cpuPercent, memoryBytes, openFds, restarts, container } of services) {
    yield [`service.up{${name}}`, state === 'running' ? 1 : 0];
    yield [`service.cpu{${name}}`, orNaN(cpuPercent)];
    yield [`service.memory{${name}}`, orNaN(memoryBytes)];
    yield [`service.fds{${name}}`, orNaN(openFds)];
    if (!container) continue;
    const limit = container.limits.memoryBytes;
    yield [`service.restarts{${name}}`, restarts];
    yield [`service.throttled{${name}}`, orNaN(container.throttledPercent)];
    yield [`service.oomKills{${name}}`, orNaN(container.oomKills)];
    yield [`service.memoryFill{${name}}`, memoryBytes !== null && limit ? memoryBytes / limit : Number.NaN];
  }
}
