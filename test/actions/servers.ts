import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';

export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** A real HTTP server on a free loopback port. */
export async function serve(listener: RequestListener): Promise<Running> {
  const server: Server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A server that resets every connection once something was sent to it. */
export async function serveResets(): Promise<Running> {
  const server: TcpServer = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

/** A loopback URL on which nothing listens. */
export async function refusedUrl(): Promise<string> {
  const gone = await serve(() => undefined);
  await gone.close();
  return gone.url;
}

/** A todo application as the verification expects it; `broken` names the routes that fail. */
export function todoApp(broken: ReadonlySet<string> = new Set()): RequestListener {
  const todos: { id: number; title: string }[] = [{ id: 1, title: 'first' }];
  return async (request, response) => {
    const route = `${request.method} ${request.url}`;
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (broken.has(route)) return json(500, { error: 'broken' });
    if (route === 'GET /') return json(200, { app: 'todo' });
    if (route === 'GET /test-db') return json(200, { status: 'Database connection successful' });
    if (route === 'GET /todos') return json(200, todos);
    if (route === 'POST /todos') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const todo = { id: todos.length + 1, title: JSON.parse(body).title as string };
      if (!broken.has('keep')) todos.push(todo);
      return json(201, todo);
    }
    return json(404, { error: 'not found' });
  };
}
