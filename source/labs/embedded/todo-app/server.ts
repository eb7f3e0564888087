import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Database } from './database.js';
import { createDeadlines } from './hardening/deadline.js';
import { createTokenBucket } from './hardening/rate-limit.js';
import type { Switches } from './hardening/switches.js';
import { readBody } from './read-body.js';
import { type Answer, answerRoute, failure, findRoute } from './routes.js';
import type { Slots } from './slots.js';

const BODY_TIMEOUT_MS = 30_000;

/** The application's HTTP side: every request takes a slot, and keeps it until its work is done, heard or not. */
export function createApp(database: Database, slots: Slots, switches: Switches): Server {
  const deadlines = createDeadlines(() => switches.has('deadline'));
  const bucket = createTokenBucket();
  const work = async (request: IncomingMessage, response: ServerResponse): Promise<Answer> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const route = findRoute(request.method ?? 'GET', path);
    if (switches.has('rate-limit') && !bucket.take())
      return { status: 429, body: { error: 'too many requests' } };
    const body = await readBody(request);
    if (body === null) return { status: 413, body: { error: 'the body is too large' } };
    const job = deadlines.watch();
    response.once('close', () => response.writableFinished || job.leave());
    try {
      const release = await slots.acquire(job.signal);
      try {
        return typeof route === 'string' ? await answerRoute(route, database, body, job.signal) : route;
      } finally {
        release();
      }
    } catch (error) {
      return failure(`${request.method} ${path}`, error as Error);
    } finally {
      job.done();
    }
  };
  const server = createServer(async (request, response) => {
    const since = performance.now();
    response.on('error', () => {});
    try {
      const answer = await work(request, response);
      send(response, answer);
      const ms = Math.round(performance.now() - since);
      process.stdout.write(`${request.method} ${printable(request.url)} ${answer.status} ${ms} ms\n`);
    } catch {
      // The client went away while it was still sending, or its request target is no path.
      if (!response.headersSent) send(response, { status: 400, body: { error: 'bad request' } });
    }
  });
  server.requestTimeout = BODY_TIMEOUT_MS;
  return server;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  if (status === 429 || status === 503) headers['retry-after'] = 1;
  response.writeHead(status, headers);
  response.end(text);
}

function printable(url = '/'): string {
  return url.slice(0, 200);
}
