import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpSockets } from '../../source/linux/netlink/dump-sockets.js';
import { stateMask } from '../../source/linux/tcp-states.js';

const LISTEN = stateMask('LISTEN');
const servers: Server[] = [];

async function listen(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(0, host, done);
  });
  return (server.address() as { port: number }).port;
}

async function portsOf(family: 4 | 6 | 'both'): Promise<number[]> {
  const ports: number[] = [];
  await dumpSockets({ family, protocol: 'tcp', states: LISTEN, info: true }, (row) =>
    ports.push(row.localPort),
  );
  return ports;
}

describe.runIf(process.platform === 'linux')('a dump of both families in one walk', () => {
  let four = 0;
  let six: number | undefined;
  beforeAll(async () => {
    four = await listen('127.0.0.1');
    // Not every machine has IPv6.
    six = await listen('::1').catch(() => undefined);
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it('finds what one of each finds', async () => {
    expect(await portsOf(4)).toContain(four);
    const both = await portsOf('both');
    expect(both).toContain(four);
    if (six === undefined) return;
    expect(both).toContain(six);
    expect(await portsOf(4)).not.toContain(six);
  });
});
