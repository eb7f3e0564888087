import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';

const LOOPBACK = '127.0.0.1';
const TRIES = 20;

/** Ports of 127.0.0.1 that are free for TCP and UDP now; a container keeps its own over restarts, as Docker's would not. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  try {
    const ports: number[] = [];
    for (let tries = 0; ports.length < count && tries < TRIES + count; tries += 1) {
      const server = await listen();
      held.push(server);
      const { port } = server.address() as { port: number };
      if (await freeForUdp(port)) ports.push(port);
    }
    if (ports.length < count) throw new Error(`no ${count} free ports on ${LOOPBACK}`);
    return ports;
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => resolve(server));
  });
}

function freeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, LOOPBACK, () => socket.close(() => resolve(true)));
  });
}
