import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { debug, isDebugging, milliseconds } from '../../../debug-log.js';

/**
 * Writes each request of an agent to the debug log when its answer begins or it fails: method, path, status,
 * milliseconds. Nothing is done while no log is open. The returned function ends it.
 */
export function noteCalls(agent: Agent): () => void {
  if (!isDebugging()) return () => undefined;
  const began = new WeakMap<ClientRequest, number>();
  const note = (request: ClientRequest, end: string): void => {
    const since = began.get(request);
    if (since === undefined) return;
    began.delete(request);
    const [path = ''] = request.path.split('?');
    debug('daemon', request.method, path, end, milliseconds(performance.now() - since));
  };
  const listeners = {
    'http.client.request.start': (message: unknown) => {
      const { request } = message as { readonly request: ClientRequest & { readonly agent?: Agent } };
      if (request.agent === agent) began.set(request, performance.now());
    },
    'http.client.response.finish': (message: unknown) => {
      const { request, response } = message as {
        readonly request: ClientRequest;
        readonly response: IncomingMessage;
      };
      note(request, String(response.statusCode));
    },
    'http.client.request.error': (message: unknown) => {
      const { request, error } = message as { readonly request: ClientRequest; readonly error: Error };
      note(request, `failed: ${error.message}`);
    },
  };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
  };
}
