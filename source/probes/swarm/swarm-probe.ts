import type Docker from 'dockerode';
import { isDeadline, reasonOf, statusOf } from '../../engines/docker/link/deadline.js';
import { type Probe, Unavailable } from '../probe.js';
import type { NodeAnswer, ServiceAnswer, TaskAnswer } from './answers.js';
import { decodeSwarm } from './decode.js';
import type { SwarmSample } from './sample.js';

export interface SwarmProbeOptions {
  /** The daemon's client; null while the daemon is not available. */
  readonly docker: () => Docker | null;
}

/**
 * Services, tasks and nodes of the swarm that this daemon manages: three lists. Where it manages none, the kind is
 * `not-configured`: nobody asked for Swarm, so nothing is missing.
 */
export function createSwarmProbe({ docker }: SwarmProbeOptions): Probe<SwarmSample> {
  return {
    id: 'swarm',
    cost: 'network',
    intervalMs: 2000,
    timeoutMs: 5000,
    async run({ signal }) {
      const client = docker();
      if (client === null) throw new Unavailable('failed', 'the Docker daemon cannot be asked now');
      try {
        const [services, tasks, nodes] = await Promise.all([
          client.listServices({ abortSignal: signal } as never),
          client.listTasks({ abortSignal: signal } as never),
          client.listNodes({ abortSignal: signal } as never),
        ]);
        return decodeSwarm(
          listOf<ServiceAnswer>(services),
          listOf<TaskAnswer>(tasks),
          listOf<NodeAnswer>(nodes),
        );
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

function listOf<Row>(answer: unknown): readonly Row[] {
  if (!Array.isArray(answer))
    throw new Unavailable('failed', 'the daemon answered with something else than a list');
  return answer as Row[];
}

/**
 * A node that is no manager answers 503 (moby, api/server/router/swarm); 406 did so before Docker 1.13. Podman has no
 * Swarm and no such address: 404 (measured, Podman 4.3).
 */
function explain(error: unknown): unknown {
  if (error instanceof Unavailable || isDeadline(error)) return error;
  const status = statusOf(error);
  if (status === 404) return new Unavailable('not-configured', 'this engine has no Swarm');
  if (status !== 503 && status !== 406) return new Unavailable('failed', reasonOf(error));
  const words = reasonOf(error);
  if (/have a leader|quorum/i.test(words))
    return new Unavailable('not-readable', `Swarm: ${words}`, 'docker node ls   # on another manager');
  return /worker nodes/i.test(words)
    ? new Unavailable(
        'not-readable',
        'this node is a worker: only a manager tells of services',
        'docker node promote NODE   # on a manager; NODE is this one',
      )
    : new Unavailable('not-configured', 'this Docker manages no swarm', 'docker swarm init');
}
