import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';

/** The list of 3,000 containers has 6 MiB; no whole answer that is read here comes near this (bytes). */
export const MOST_ANSWER = 64 * 1024 * 1024;
/** What goes on for as long as somebody listens has no end, and is read piece by piece. */
const STREAMS =
  /\/(events|logs|attach|build|wait)(\?|$)|\/images\/(create|load|.+\/get)|\/exec\/[^/]+\/start/;

const CHANNEL = 'http.client.response.finish';

/**
 * Ends each request of an agent whose answer is longer than any that is expected: the library keeps answers whole, and a
 * daemon that never stops would take all memory. It then rejects, and says which. The returned function ends it.
 */
export function limitAnswers(agent: Agent, most = MOST_ANSWER): () => void {
  const watch = (message: unknown): void => {
    const { request, response } = message as {
      readonly request: ClientRequest & { readonly agent?: Agent };
      readonly response: IncomingMessage;
    };
    if (request.agent !== agent || STREAMS.test(request.path)) return;
    let bytes = 0;
    const push = response.push.bind(response);
    // Not a listener: that would make the answer flow before the library listens.
    response.push = (chunk: Buffer | null, encoding) => {
      bytes += chunk?.length ?? 0;
      if (bytes <= most) return push(chunk, encoding);
      const [path] = request.path.split('?');
      const size = `${Math.round(most / 1024 / 1024)} MiB`;
      response.destroy(
        new Error(`the daemon's answer to ${request.method} ${path} is longer than ${size}: it was cut off`),
      );
      return false;
    };
  };
  subscribe(CHANNEL, watch);
  return () => unsubscribe(CHANNEL, watch);
}
