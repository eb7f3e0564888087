import { randomUUID } from 'node:crypto';
import type { RequestOptions, RequestResult } from '../load/request.js';

export interface CheckContext {
  send(path: string, init?: Pick<RequestOptions, 'method' | 'json'>): Promise<RequestResult>;
  isGood(status: number | null): boolean;
}

export interface CheckVerdict {
  readonly passed: boolean;
  /** For a person: "200, 3 todos" or "no answer within 5.0 s". */
  readonly detail: string;
}

/** One step of a verification. */
export interface Check {
  readonly name: string;
  run(context: CheckContext): Promise<CheckVerdict>;
}

/** The recovery checks of the Container Networking Exhaustion document, in its order. */
export const CHECKS: readonly Check[] = [
  {
    name: 'GET /',
    async run({ send, isGood }) {
      const answer = await send('/');
      return { passed: isGood(answer.status), detail: describe(answer) };
    },
  },
  {
    name: 'GET /test-db',
    async run({ send, isGood }) {
      const answer = await send('/test-db');
      if (!isGood(answer.status)) return { passed: false, detail: describe(answer) };
      // The document expects {"status": "Database connection successful"}.
      const status = (parse(answer.body) as { status?: unknown } | undefined)?.status;
      const passed = typeof status === 'string' && /success/i.test(status);
      return { passed, detail: `${answer.status}, ${passed ? status : 'but it does not say success'}` };
    },
  },
  {
    name: 'GET /todos',
    async run({ send, isGood }) {
      const answer = await send('/todos');
      if (!isGood(answer.status)) return { passed: false, detail: describe(answer) };
      const todos = todosOf(answer.body);
      return {
        passed: todos !== undefined,
        detail: todos ? `${answer.status}, ${todos.length} todos` : `${answer.status}, but no list of todos`,
      };
    },
  },
  {
    name: 'POST /todos, read back',
    async run({ send, isGood }) {
      const title = `Recovery test ${randomUUID()}`;
      const written = await send('/todos', { method: 'POST', json: { title } });
      if (!isGood(written.status)) return { passed: false, detail: `POST: ${describe(written)}` };
      const read = await send('/todos');
      if (!isGood(read.status))
        return { passed: false, detail: `POST ${written.status}, GET: ${describe(read)}` };
      const passed = todosOf(read.body)?.some((todo) => (todo as { title?: unknown })?.title === title);
      return passed
        ? { passed: true, detail: `${written.status}, and it was read back` }
        : { passed: false, detail: `POST ${written.status}, but what was written is not in GET /todos` };
    },
  },
];

function describe(answer: RequestResult): string {
  if (answer.status !== null) return String(answer.status);
  if (answer.outcome === 'timeout') return `000: no answer within ${(answer.ms / 1000).toFixed(1)} s`;
  if (answer.outcome === 'refused') return '000: connection refused';
  if (answer.outcome === 'reset') return '000: connection reset';
  return `000: ${answer.outcome}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The todos of a body: an array, or an object with an array `todos`. */
function todosOf(body: string): readonly unknown[] | undefined {
  const value = parse(body);
  if (Array.isArray(value)) return value;
  const inner = (value as { todos?: unknown } | undefined | null)?.todos;
  return Array.isArray(inner) ? inner : undefined;
}
