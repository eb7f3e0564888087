import { randomUUID } from 'node:crypto';
import type { Expectation, RecoveryCheck } from '../../store/recovery.js';
import { seconds } from '../../terminal/format.js';
import type { RequestOptions, RequestResult } from '../load/request.js';

export interface CheckContext {
  send(url: string, init?: Pick<RequestOptions, 'method' | 'json'>): Promise<RequestResult>;
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

/** A recovery check that can be run. */
export function checkOf({ name, url, expect }: RecoveryCheck): Check {
  return {
    name,
    run: (context) =>
      expect.kind === 'read back' ? writeAndRead(url, expect, context) : ask(url, expect, context),
  };
}

/** Requests that a check sends. */
export const requestsOf = ({ expect }: RecoveryCheck): number => (expect.kind === 'read back' ? 2 : 1);

async function ask(
  url: string,
  expect: Exclude<Expectation, { kind: 'read back' }>,
  { send, isGood }: CheckContext,
): Promise<CheckVerdict> {
  const answer = await send(url);
  if (!isGood(answer.status) || expect.kind === 'success')
    return { passed: isGood(answer.status), detail: describe(answer) };
  if (expect.kind === 'says') {
    const { field, word } = expect;
    const said = (parse(answer.body) as Readonly<Record<string, unknown>> | undefined | null)?.[field];
    const passed = typeof said === 'string' && said.toLowerCase().includes(word.toLowerCase());
    return { passed, detail: `${answer.status}, ${passed ? said : `but it does not say ${word}`}` };
  }
  const list = listOf(answer.body, expect.of);
  const detail = list ? `${list.length} ${expect.of}` : `but no list of ${expect.of}`;
  return { passed: list !== undefined, detail: `${answer.status}, ${detail}` };
}

async function writeAndRead(
  url: string,
  { field, of }: Extract<Expectation, { kind: 'read back' }>,
  { send, isGood }: CheckContext,
): Promise<CheckVerdict> {
  const text = `Recovery test ${randomUUID()}`;
  const written = await send(url, { method: 'POST', json: { [field]: text } });
  if (!isGood(written.status)) return { passed: false, detail: `POST: ${describe(written)}` };
  const read = await send(url);
  if (!isGood(read.status))
    return { passed: false, detail: `POST ${written.status}, GET: ${describe(read)}` };
  const isIt = (one: unknown): boolean =>
    (one as Readonly<Record<string, unknown>> | null | undefined)?.[field] === text;
  return listOf(read.body, of)?.some(isIt)
    ? { passed: true, detail: `${written.status}, and it was read back` }
    : {
        passed: false,
        detail: `POST ${written.status}, but what was written is not in GET ${new URL(url).pathname}`,
      };
}

function describe(answer: RequestResult): string {
  if (answer.status !== null) return String(answer.status);
  if (answer.outcome === 'timeout') return `000: no answer within ${seconds(answer.ms)}`;
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

/** The list of a body: an array, or an object with an array of this name. */
function listOf(body: string, name: string): readonly unknown[] | undefined {
  const value = parse(body);
  if (Array.isArray(value)) return value;
  const inner = (value as Readonly<Record<string, unknown>> | undefined | null)?.[name];
  return Array.isArray(inner) ? inner : undefined;
}
