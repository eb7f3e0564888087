import type { ControlRequest, ServicePort } from '../../../engines/embedded/service-spec.js';

/**
 * Answers the control messages of the process that started this one, and ends with it: when the channel closes, the
 * console is gone. Without a channel (started by hand) it does nothing.
 */
export function serveControl(handlers: Readonly<Record<string, (value: unknown) => unknown>>): void {
  if (process.send === undefined) return;
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message: ControlRequest) => {
    if (typeof message?.request !== 'number') return;
    const handler = handlers[message.kind];
    try {
      if (handler === undefined) throw new Error(`does not know "${message.kind}"`);
      reply({ answer: message.request, value: await handler(message.value) });
    } catch (error) {
      reply({ answer: message.request, error: (error as Error).message });
    }
  });
}

/** Tells the engine that this service is ready, and where it listens. */
export function announceReady(ports: readonly ServicePort[]): void {
  reply({ ready: true, ports });
}

/** Ends this process with one line on stderr when it cannot start. */
export function failToStart(error: unknown): never {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

function reply(message: object): void {
  process.send?.(message, undefined, {}, () => {});
}
