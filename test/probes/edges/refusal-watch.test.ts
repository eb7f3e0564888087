import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { RefusalWatch } from '../../../source/probes/edges/refusal-watch.js';

it.skipIf(process.getuid?.() !== 0)(
  'refusals of this network are seen, each once and none of others',
  async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const tried = async (): Promise<void> => {
      const socket = connect({ host: '127.0.0.1', port });
      await once(socket, 'error');
    };
    const watch = new RefusalWatch();
    const seen: number[] = [];
    const look = (now: number) =>
      watch.take({ network: 'own', now, attemptFails: now }, (one) => seen.push(one.port));
    try {
      await look(0);
      const [other] = [connect({ host: '127.0.0.1', port })];
      await once(other, 'connect');
      other.destroy();
      server.close();
      await once(server, 'close');
      for (let i = 0; i < 3; i++) await tried();
      await look(1);
      expect(seen.filter((one) => one === port)).toEqual([port, port, port]);
    } finally {
      watch.close();
    }
  },
);

it('looks at no packets once nothing has failed for a while', async () => {
  const watch = new RefusalWatch();
  const opened: number[] = [];
  const openFd = (family: number): number => {
    opened.push(family);
    throw new Error('no right to');
  };
  const look = (now: number, attemptFails: number) =>
    watch.take({ network: 'own', now, attemptFails, openFd }, () => undefined);
  await look(0, 5);
  await look(2_000, 5);
  expect(opened).toHaveLength(1);
  await look(62_000, 5);
  expect(opened).toHaveLength(1);
  await look(64_000, 6);
  expect(opened).toHaveLength(2);
});
