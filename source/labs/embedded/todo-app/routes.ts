import type { Database } from './database.js';
import { BreakerOpen } from './hardening/breaker.js';
import { Stopped } from './hardening/deadline.js';
import { addTodo, BadTodo, listTodos, titleOf } from './todos.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Route = (database: Database, body: string, signal: AbortSignal) => Promise<Answer>;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /': async () => ({
    status: 200,
    body: { service: 'todo-app', routes: ['/todos', '/test-db', '/health'] },
  }),
  'GET /health': async () => ({ status: 200, body: { status: 'ok' } }),
  'GET /test-db': async (database, _body, signal) => {
    await database.query('SELECT 1', [], signal);
    return { status: 200, body: { status: 'Database connection successful' } };
  },
  'GET /todos': async (database, _body, signal) => ({ status: 200, body: await listTodos(database, signal) }),
  'POST /todos': async (database, body, signal) => ({
    status: 201,
    body: await addTodo(database, titleOf(body), signal),
  }),
};

const PATHS = new Set(Object.keys(ROUTES).map((route) => route.split(' ')[1]));

/** The route's name when there is one, else the answer that says so. */
export function findRoute(method: string, path: string): string | Answer {
  const name = `${method} ${path}`;
  if (Object.hasOwn(ROUTES, name)) return name;
  return PATHS.has(path)
    ? { status: 405, body: { error: `${method} is not for ${path}` } }
    : { status: 404, body: { error: 'not found' } };
}

/** Does the route's work. Never rejects: a failure is an answer, and one line on stderr as the library worded it. */
export async function answerRoute(
  name: string,
  database: Database,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await (ROUTES[name] as Route)(database, body, signal);
  } catch (error) {
    if (error instanceof BadTodo) return { status: 400, body: { error: error.message } };
    return failure(name, error as Error);
  }
}

/** Answer and log line for work that could not be done. */
export function failure(name: string, error: Error): Answer {
  process.stderr.write(`ERROR ${name}: ${error.message}\n`);
  const overloaded = error instanceof Stopped || error instanceof BreakerOpen || error.name === 'AbortError';
  return { status: overloaded ? 503 : 500, body: { error: error.message } };
}
