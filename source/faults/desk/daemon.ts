import type Docker from 'dockerode';
import { ensureImage } from '../../engines/docker/images/ensure-image.js';
import type { Availability } from '../../engines/docker/link/availability.js';
import { socketOfDaemon } from './daemon-socket.js';

/** The part of a Docker engine that a desk stands on: the daemon comes and goes. */
export interface DaemonSource {
  readonly docker: Docker | null;
  readonly availability: Availability;
  trouble(): { readonly reason: string; readonly mend: string } | undefined;
}

/** A daemon that answers now, and what is needed to work on it. */
export interface Daemon {
  readonly docker: Docker;
  /** The toolbox image, there already. */
  readonly image: string;
  /** As DOCKER_HOST says it. */
  readonly endpoint: string;
  readonly socket: string;
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
    throw new Error(trouble ? `${trouble.reason}. ${trouble.mend}` : 'Docker is not connected');
  }
  const { endpoint } = availability;
  const tag =
    image ??
    (await ensureImage('toolbox', {
      docker,
      ...(progress ? { progress: (text) => progress(text) } : {}),
      ...(signal ? { signal } : {}),
    }));
  return { docker, image: tag, endpoint, socket: socketOfDaemon(endpoint) };
}
