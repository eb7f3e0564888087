import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { createHttpProbe, type HttpProbeOptions } from '../../source/probes/http/http-probe.js';
import type { HttpSample } from '../../source/probes/samples.js';
import { runProbe } from './run-probe.js';

/** Servers of one test on loopback, and the probe that asks them. All of it ends with the test. */

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Has something closed when the test is over. */
export const closeAfter = <T extends { close(): unknown }>(one: T): T => {
  open.push(one);
  return one;
};

/** The port at which a server listens from now on. */
export async function listen(server: Server, at: string | { path: string } = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  };
  server.on('connection', keep);
  server.on('secureConnection', keep);
  server.on('tlsClientError', () => undefined);
  if (typeof at === 'string') server.listen(0, at);
  else server.listen(at.path);
  await once(server, 'listening');
  closeAfter({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  });
  return typeof at === 'string' ? (server.address() as AddressInfo).port : 0;
}

export const web = (handler: RequestListener): Promise<number> => listen(createServer(handler));
export const tcp = (handler: (socket: Socket) => void): Promise<number> => listen(createTcpServer(handler));

/** A server that says the same bytes to whoever sends something. */
export const says = (text: string | Buffer): Promise<number> =>
  tcp((socket) => socket.once('data', () => socket.end(text)));

/** A port at which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** One run of a probe of its own, by no proxy where none is given. */
export async function get(url: string, options: Partial<HttpProbeOptions> = {}): Promise<HttpSample> {
  return await runProbe(probeOf(url, options));
}

/** A probe that more than one run is made of. */
export function probeOf(url: string, options: Partial<HttpProbeOptions> = {}) {
  const probe = createHttpProbe({ target: 'GET /', url, timeoutMs: 2_000, env: {}, ...options });
  closeAfter({ close: () => probe.close?.() });
  return probe;
}
