import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { realSurroundings, resolveEndpoint } from '../engines/docker/endpoint/resolve-endpoint.js';
import type { Engine } from '../engines/engine.js';

/** The first look at the containers waits this long for the daemon's first answer (ms). */
const FIRST_ANSWER_MS = 1500;

/**
 * Docker, where this host has it or was told of it (DOCKER_HOST, a context); undefined where there is no sign of it.
 * A daemon that cannot be reached is an engine too: it says why, and connects by itself once it can.
 */
export async function openHostEngine(): Promise<Engine | undefined> {
  const resolved = resolveEndpoint(realSurroundings);
  if (resolved.ok) {
    const { endpoint } = resolved;
    if (endpoint.kind === 'unix' && endpoint.from === 'the default' && !existsSync(endpoint.path))
      return undefined;
  }
  const { DockerEngine } = await import('../engines/docker/docker-engine.js');
  const engine = new DockerEngine();
  await Promise.race([engine.settled(), sleep(FIRST_ANSWER_MS, undefined, { ref: false })]);
  return engine;
}
