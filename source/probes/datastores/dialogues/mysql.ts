import { type Dialogue, notThis, type Verdict, words } from './dialogue.js';

/** "Protocol::Packet" of MySQL's internals manual: three bytes of length, one of sequence. */
const HEADER = 4;
const MOST_PACKET = 4_096;
/** Error numbers of the server (errmsg): the first is ER_CON_COUNT_ERROR. */
const TOO_MANY = 1040;
const SHUTTING_DOWN = 1053;

/** The server speaks first: a greeting, or an error in its place. What we do after it is to leave. */
export const greeting: Dialogue = {
  read(bytes) {
    if (bytes.length < HEADER + 1) return undefined;
    const length = bytes.readUIntLE(0, 3);
    // A server that turns us away at once may count its packet from 1.
    if (length < 3 || length > MOST_PACKET || (bytes[3] as number) > 1) return notThis('MySQL');
    if (bytes.length < HEADER + length) return undefined;
    const payload = bytes.subarray(HEADER, HEADER + length);
    if (payload[0] === 0x0a) return ofGreeting(payload);
    return payload[0] === 0xff ? ofError(payload) : notThis('MySQL');
  },
};

function ofGreeting(payload: Buffer): Verdict {
  const end = payload.indexOf(0, 1);
  if (end < 0 || end > 100) return notThis('MySQL');
  return { state: 'alive', said: words(`greets as ${payload.toString('latin1', 1, end)}`), logged: true };
}

function ofError(payload: Buffer): Verdict {
  const code = payload.readUInt16LE(1);
  const text = payload.toString('utf8', 3).replace(/^#[0-9A-Z]{5}/, '');
  const said = words(`${text} (${code})`);
  if (code === TOO_MANY) return { state: 'full', said, logged: true };
  if (code === SHUTTING_DOWN) return { state: 'not-ready', said, logged: true };
  return { state: 'alive', said: `answers: ${said}`, logged: true };
}
