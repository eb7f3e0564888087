import type { Database } from './database.js';

const MAX_TITLE = 200;
const LISTED = 100;

/** What the client sent is not a to-do; the message is for the client. */
export class BadTodo extends Error {}

/** The title out of a request body. Throws `BadTodo` on anything but `{"title": "..."}`. */
export function titleOf(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new BadTodo('the body is not JSON');
  }
  const title = (parsed as { title?: unknown } | null)?.title;
  if (typeof title !== 'string' || title.trim() === '') throw new BadTodo('"title" must be a text');
  if (title.length > MAX_TITLE) throw new BadTodo(`"title" is longer than ${MAX_TITLE} characters`);
  if (title.includes('\0')) throw new BadTodo('"title" holds a NUL character');
  return title.trim();
}

/** The newest first. */
export function listTodos(database: Database, signal: AbortSignal): Promise<readonly unknown[]> {
  return database.query(`SELECT id, title, done FROM todos ORDER BY id DESC LIMIT ${LISTED}`, [], signal);
}

export async function addTodo(database: Database, title: string, signal: AbortSignal): Promise<unknown> {
  const rows = await database.query(
    'INSERT INTO todos (title) VALUES ($1) RETURNING id, title, done',
    [title],
    signal,
  );
  return rows[0];
}
