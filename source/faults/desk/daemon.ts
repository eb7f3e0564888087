import type Docker from 'dockerode';
import type { Endpoint, Resolved } from '../../engines/docker/endpoint/endpoint.js';
import { parseHost } from '../../engines/docker/endpoint/parse-host.js';
import {
  DEFAULT_SOCKET,
  realSurroundings,
  resolveEndpoint,
} from '../../engines/docker/endpoint/resolve-endpoint.js';
import { ensureImage } from '../../engines/docker/images/ensure-image.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { toolboxRecipe } from '../../engines/docker/images/toolbox-image.js';
import type { Availability } from '../../engines/docker/link/availability.js';
import type { Toolbox } from '../agent/toolbox.js';

/** The part of a Docker engine that a desk stands on: the daemon comes and goes. */
export interface DaemonSource {
  readonly docker: Docker | null;
  readonly availability: Availability;
  trouble(): { readonly reason: string; readonly mend: string } | undefined;
}

/** A daemon that answers now, and what is needed to work on it. */
export interface Daemon extends Toolbox {
  /** As DOCKER_HOST says it. */
  readonly endpoint: string;
  readonly socket: string;
  /** The toolbox image was made just now, which took its time; what was seen before that may have changed. */
  readonly madeImage: boolean;
}

/** The daemon as it is now, with its toolbox image. Rejects with what is wrong and what mends it. */
export async function daemonNow(
  source: DaemonSource,
  image: string | undefined,
  progress?: (text: string) => void,
  signal?: AbortSignal,
): Promise<Daemon> {
  const { docker, availability } = source;
  if (docker === null || availability.state !== 'available') {
    const trouble = source.trouble();
    throw new Error(trouble ? `${trouble.reason}. Try: ${trouble.mend}` : 'Docker is not connected');
  }
  const { endpoint } = availability;
  const recipe = toolboxRecipe();
  const madeImage = image === undefined && !(await hasImage(docker, recipe.tag));
  if (madeImage)
    await ensureImage(recipe, {
      docker,
      ...(progress ? { progress: (text) => progress(text) } : {}),
      ...(signal ? { signal } : {}),
    });
  return { docker, image: image ?? recipe.tag, endpoint, socket: socketOfDaemon(endpoint), madeImage };
}

/**
 * The daemon's socket on the daemon's own machine, for agents that must call it. On Linux that is the socket which is
 * asked from here; a daemon behind a network or in a virtual machine has it in the usual place.
 */
export function socketOfDaemon(address: string): string {
  const parsed = parseHost(address, 'the journal', null);
  const local = parsed.ok && parsed.endpoint.kind === 'unix' && process.platform === 'linux';
  return local ? (parsed.endpoint as Endpoint & { kind: 'unix' }).path : DEFAULT_SOCKET;
}

/**
 * The endpoint that an address in the journal means: what the environment or a context says of it, with its
 * certificates, where that is the same address; else the address as it stands.
 */
export function endpointOf(address: string): Resolved {
  const usual = resolveEndpoint(realSurroundings);
  if (usual.ok && usual.endpoint.address === address) return usual;
  return resolveEndpoint(realSurroundings, address);
}
