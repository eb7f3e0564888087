import { shownUrl } from '../../secrets.js';
import { sanitise } from '../../terminal/sanitise.js';
import type { Answer } from './exchange.js';
import { HttpError } from './http-error.js';
import type { Redirect } from './progress.js';

/** Heads beyond this (bytes) are refused by clients that were not told to take more (Node, Java, nginx before 1.x upstreams). */
const USUAL_HEAD_BYTES = 16 * 1024;
const LONGEST_WORD = 120;

/** What a person should know of an answer that its status does not say. */
export function remarksOn(answer: Answer, url: string): string[] {
  const { status, headers, http2, bareLines, headBytes } = answer;
  return [
    ...(http2 ? ['HTTP/2'] : []),
    ...meaningOf(status, headers.location, url),
    ...retryText(status, headers['retry-after']),
    ...(bareLines ? ['its lines end in LF alone, which not every client takes'] : []),
    ...(headBytes > USUAL_HEAD_BYTES
      ? [`a head of ${Math.round(headBytes / 1024)} KB, which not every client takes`]
      : []),
  ];
}

function meaningOf(status: number, location: string | undefined, url: string): string[] {
  if (status === 401) return ['asks for a login: alive'];
  if (status === 403) return ['forbids it: alive'];
  if (status === 429) return ['turns requests away, too many of them'];
  if (status < 300 || status >= 400) return [];
  if (location === undefined)
    return status === 304 || status === 300 ? [] : ['redirects without an address to go to'];
  if (!URL.canParse(location, url)) return ['redirects to what is no address'];
  const to = new URL(location, url);
  return [
    to.href === url ? 'redirects to itself' : `redirects to ${sanitise(shownUrl(to.href), LONGEST_WORD)}`,
  ];
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryText(status: number, after: string | undefined): string[] {
  if (after === undefined || (status !== 503 && status !== 429)) return [];
  return [
    /^\d+$/.test(after)
      ? `asks to come again in ${after.slice(0, 9)} s`
      : `asks to come again at ${sanitise(after, 40)}`,
  ];
}

/** What a server that fails says, and when it wants to be asked again. */
export function statusError({ status, statusText, headers }: Answer): HttpError {
  const [after] = retryText(status, headers['retry-after']);
  const said = `the server answered ${status} ${statusText}`.trim();
  return new HttpError('status', 'firstByte', after ? `${said}, and ${after}` : said);
}

/** Statuses that a client follows (RFC 9110, 15.4); the others of 3xx are answers. */
const LEADS = new Set([301, 302, 303, 307, 308]);

/** Where an answer leads; undefined where it leads nowhere. */
export const redirectOf = ({ status, headers }: Answer): Redirect | undefined =>
  LEADS.has(status) && headers.location !== undefined
    ? { location: headers.location, cookies: headers['set-cookie'] ?? [] }
    : undefined;
