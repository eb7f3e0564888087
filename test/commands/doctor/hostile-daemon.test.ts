import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createRawServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startProgram } from '../../helpers/program.js';

type Answer = (url: string, response: ServerResponse, request: IncomingMessage) => void;

const folder = mkdtempSync(join(tmpdir(), 'faultline-hostile-doctor-'));
const open = new Set<Socket>();
let daemon: Server | undefined;
/** What doctor takes here without any Docker (ms): the rest is what a daemon cost it. */
let alone = 0;

const doctor = (host: string) =>
  startProgram(['doctor'], {
    env: { DOCKER_HOST: `unix://${host}`, FAULTLINE_STATE_DIR: folder },
    withinMs: 25_000,
  }).ended;

beforeAll(async () => {
  alone = (await doctor(join(folder, 'none.sock'))).ms;
});
afterEach(() => {
  for (const socket of open) socket.destroy();
  daemon?.close();
  daemon = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(server: Server): Promise<string> {
  daemon = server;
  const path = join(folder, 'docker.sock');
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((up) => server.listen(path, up));
  return path;
}

const http = (answer: Answer): Server =>
  createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    answer(request.url ?? '', response, request);
  });

/** Says hello as Docker does, keeps its events open, and answers the rest by `rest`. */
const greeting =
  (rest: Answer): Answer =>
  (url, response, request) => {
    if (url.includes('/_ping')) response.end('OK');
    else if (url.includes('/version')) response.end(JSON.stringify({ Version: '27.0', ApiVersion: '1.45' }));
    else if (url.includes('/events')) response.writeHead(200).flushHeaders();
    else rest(url, response, request);
  };

/** Writes for as long as it is read. */
function pour(response: ServerResponse, piece: string): void {
  let room = true;
  while (room && !response.destroyed) room = response.write(piece);
  response.once('drain', () => pour(response, piece));
}

const row = (n: number) => ({
  ...{ Id: String(n).padStart(64, 'a'), Names: [`/c${n}`], Image: 'x', State: 'running', Status: 'Up' },
  ...{ Labels: {}, Ports: [], NetworkSettings: { Networks: {} } },
});

const HOSTILE: Readonly<Record<string, { readonly server: () => Server; readonly says: RegExp }>> = {
  'bytes that are no HTTP': {
    server: () =>
      createRawServer((socket) => socket.on('data', () => socket.write(Buffer.alloc(9_000, 0xfe)))),
    says: /something answers there that is not Docker/,
  },
  silence: { server: () => createRawServer(() => undefined), says: /no answer in time/ },
  'a page of HTML': {
    server: () =>
      http((_, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<html><body>Welcome</body></html>');
      }),
    says: /not Docker/,
  },
  'a byte now and then': {
    server: () =>
      http((_, response) => {
        const drip = setInterval(() => response.write('{'), 200);
        response.on('close', () => clearInterval(drip));
      }),
    says: /no answer in time/,
  },
  'a list without end': {
    server: () =>
      http(
        greeting((_, response) => {
          response.write('[');
          pour(response, `{"Id":"${'a'.repeat(60_000)}"},`);
        }),
      ),
    says: /longer than 64 MiB: it was cut off/,
  },
  'events without end': {
    server: () => {
      const rest = greeting((_, response) => response.end('[]'));
      return http((url, response, request) =>
        url.includes('/events') ? pour(response, 'x'.repeat(60_000)) : rest(url, response, request),
      );
    },
    says: /Docker/,
  },
  'null where something should be': {
    server: () =>
      http(
        greeting((url, response) =>
          response.end(
            url.includes('/containers/json')
              ? JSON.stringify([null, { Id: null }, { ...row(1), Names: null, State: null, Labels: null }])
              : 'null',
          ),
        ),
      ),
    says: /Docker 27\.0/,
  },
  '3,000 containers, one after the other': {
    server: () =>
      http(
        greeting((url, response) => {
          const id = /\/containers\/([0-9a-z]{64})\/json/.exec(url)?.[1];
          if (url.includes('/containers/json'))
            response.end(JSON.stringify(Array.from({ length: 3_000 }, (_, n) => row(n))));
          else if (id)
            setTimeout(() => response.end(JSON.stringify({ Id: id, State: { Status: 'running' } })), 100);
          else response.end('{}');
        }),
      ),
    says: /cut off after .* s: Docker has told of \d+ of its 3000 containers/,
  },
};

it.each(Object.entries(HOSTILE))(
  'a daemon that answers with %s keeps doctor no longer than 5 s, or it says that it was cut off',
  async (_, { server, says }) => {
    const { code, out, ms } = await doctor(await listen(server()));
    expect(out).toMatch(says);
    expect(code).toBe(0);
    const cost = ms - alone;
    if (!/cut off|no answer in time/.test(out)) expect(cost).toBeLessThan(5_000);
  },
);
