import { type Dialogue, notThis, type Verdict, words } from './dialogue.js';

/** Longest line that is waited for. */
const MOST_LINE = 1_024;

/** PING as a line of its own (RESP, "Inline commands"): answered before any login, and logged nowhere. */
export const ping: Dialogue = {
  hello: Buffer.from('PING\r\n', 'latin1'),
  read(bytes) {
    const first = bytes[0] as number;
    if (!'+-$:*'.includes(String.fromCharCode(first))) return notThis('Redis');
    const end = bytes.indexOf('\r\n');
    if (end < 0) return bytes.length > MOST_LINE ? notThis('Redis') : undefined;
    return ofLine(bytes.toString('latin1', 0, end));
  },
};

/** The words of its errors are of src/server.c and src/networking.c (Redis 7). */
function ofLine(line: string): Verdict {
  if (line.startsWith('+')) return { state: 'alive', said: 'answers PING' };
  const said = words(line.slice(1));
  if (/max number of clients/i.test(said)) return { state: 'full', said };
  if (/^(LOADING|MASTERDOWN|BUSY|CLUSTERDOWN|TRYAGAIN)/.test(said)) return { state: 'not-ready', said };
  if (/^(NOAUTH|WRONGPASS|NOPERM|DENIED)/.test(said)) return { state: 'alive', said: 'asks for a password' };
  return line.startsWith('-')
    ? { state: 'alive', said: `answers: ${said}` }
    : { state: 'alive', said: 'answers PING' };
}
