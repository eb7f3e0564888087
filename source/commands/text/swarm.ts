import type { FaultlineState } from '../../store/state.js';
import { duration } from '../../terminal/format.js';

/** A row a Swarm service: `2 of 2 replicas run, last one replaced in 1.6 s`. None where there is no swarm. */
export function swarmRows({ latest: { swarm } }: FaultlineState): readonly (readonly [string, string])[] {
  if (!swarm) return [];
  return swarm.sample.services.map((service) => {
    const replaced =
      service.replacedInMs === null ? '' : `, the last one replaced in ${duration(service.replacedInMs)}`;
    const update = service.updateState === null ? '' : `, update ${service.updateState}`;
    const stale = swarm.stale ? ' (stale)' : '';
    return [
      `Swarm ${service.name}`,
      `${service.running} of ${service.desired} replicas run${replaced}${update}${stale}`,
    ];
  });
}
