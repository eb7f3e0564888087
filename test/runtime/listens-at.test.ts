import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listensAt } from '../../source/runtime/listens-at.js';

const server: Server = createServer();
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

it('sees who listens at that very address, and nobody else', async () => {
  expect(await listensAt({ address: '127.0.0.1', port }, true)).toBe(true);
  expect(await listensAt({ address: '127.0.0.2', port }, true)).toBe(false);
  const other = createServer().listen(0, '0.0.0.0');
  await once(other, 'listening');
  const everywhere = (other.address() as AddressInfo).port;
  expect(await listensAt({ address: '127.0.0.2', port: everywhere }, true)).toBe(true);
  other.close();
  await once(other, 'close');
  expect(await listensAt({ address: '127.0.0.1', port: everywhere }, true)).toBe(false);
});

it('says nothing of an address that no network of this machine has', async () => {
  expect(await listensAt({ address: '198.51.100.9', port }, false)).toBe(false);
});
