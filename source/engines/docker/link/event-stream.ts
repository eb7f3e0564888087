import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { withDeadline } from './deadline.js';
import { type DockerEvent, EVENT_FILTER, parseDockerEvent } from './docker-event.js';
import { jsonLines } from './json-lines.js';

export interface EventStream {
  /** Settles when the stream is over, however it ended. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens the daemon's events, from a moment on or from now. Rejects when it does not begin to answer within `ms`. */
export async function openEvents(
  docker: Docker,
  since: string | undefined,
  ms: number,
  onEvent: (event: DockerEvent) => void,
): Promise<EventStream> {
  const filters = JSON.stringify(EVENT_FILTER);
  const stream = await withDeadline(ms, async (abortSignal) => {
    const options = { filters, abortSignal, ...(since === undefined ? {} : { since }) };
    return (await docker.getEvents(options as never)) as unknown as Readable;
  });
  const take = jsonLines((line) => {
    const event = parseDockerEvent(line);
    if (event !== undefined) onEvent(event);
  });
  const ended = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    // Its loss is told by what follows; an error nobody listens to would end the program.
    stream.on('error', () => resolve());
    stream.once('end', resolve);
  });
  stream.on('data', take);
  return { ended, close: () => stream.destroy() };
}
