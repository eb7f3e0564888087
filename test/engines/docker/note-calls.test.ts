import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDebugLog, stopDebugLog } from '../../../source/debug-log.js';
import { noteCalls } from '../../../source/engines/docker/link/note-calls.js';

let folder: string;
let server: Server;
let port: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-calls-'));
  server = createServer((asked, response) => {
    if (asked.url === '/broken') asked.socket.destroy();
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  stopDebugLog();
  server.close();
  rmSync(folder, { recursive: true });
});

const call = (agent: Agent, path: string): Promise<void> =>
  new Promise((done) => {
    request({ agent, port, path, method: 'POST' }, (response) => response.resume().on('end', done))
      .on('error', () => done())
      .end();
  });

it('each call of the daemon is one line: method, path without its query, status, milliseconds', async () => {
  const path = join(folder, 'debug.log');
  const [daemon, other] = [new Agent(), new Agent()];
  startDebugLog(path);
  const stop = noteCalls(daemon);
  await call(daemon, '/containers/x/stop?t=1&token=hunter2');
  await call(other, '/elsewhere');
  await call(daemon, '/broken');
  stop();
  await call(daemon, '/after');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/Z daemon POST \/containers\/x\/stop 404 [\d.]+ ms$/);
  expect(lines[1]).toMatch(/Z daemon POST \/broken failed: .+ [\d.]+ ms$/);
});
