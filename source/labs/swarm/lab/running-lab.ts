import type Docker from 'dockerode';
import {
  changeSpec,
  type ServiceSpec,
  specDifference,
  specOf,
} from '../../../engines/docker/swarm/service-spec.js';
import { close as crossOut, record } from '../../../faults/desk/journal.js';
import { restoreService } from '../../../faults/desk/undo-swarm.js';
import type { SwarmLab } from './swarm-lab.js';

/** A lab that has started: changes to its service, each in the journal, and its end. */
export function runningLab(parts: {
  readonly docker: Docker;
  /** As DOCKER_HOST would name it. */
  readonly endpointAddress: string;
  readonly lab: Pick<SwarmLab, 'id' | 'service' | 'image' | 'endpoint' | 'ownSwarm' | 'client'>;
  /** Removes all that the lab is made of; resolves to what is left. */
  readonly remove: () => Promise<readonly string[]>;
}): SwarmLab {
  const { docker, lab, remove } = parts;
  const { service } = lab;
  let before: ServiceSpec | null = null;
  let entries: string[] = [];
  let closing: Promise<readonly string[]> | undefined;

  const restore = async (): Promise<readonly string[]> => {
    if (before === null) return [];
    const done = await restoreService(docker, {
      service: service.id,
      name: service.name,
      lab: lab.id,
      spec: { ...before },
    });
    if (done.outcome === 'left') return [done.detail];
    for (const id of entries) crossOut(id);
    entries = [];
    before = null;
    return [];
  };
  const closeAll = async (): Promise<readonly string[]> => {
    await lab.client.end();
    const left = await restore().catch((error: Error) => [error.message]);
    return [...left, ...(await remove())];
  };
  return {
    ...lab,
    docker,
    async change({ scenario, what, change }) {
      const now = await specOf(docker, service.id);
      if (now === null) throw new Error(`service ${service.name} is gone`);
      if (specDifference(now, change(now)).length === 0) throw new Error(`${what}: it is so already`);
      before ??= now;
      const entry = record({
        scenario,
        substrate: 'docker',
        target: { lab: lab.id, workload: service.name, process: null },
        what,
        undo: [
          {
            kind: 'swarm-service',
            endpoint: parts.endpointAddress,
            service: service.id,
            name: service.name,
            spec: { ...now },
          },
        ],
      });
      entries.push(entry.id);
      await changeSpec(docker, service.id, change);
    },
    restore,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
