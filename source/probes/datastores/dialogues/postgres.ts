import { type Dialogue, notThis, type Verdict, words } from './dialogue.js';

/** PostgreSQL's frontend/backend protocol 3.0, "Message Formats". */
const PROTOCOL_3 = 196_608;
const SSL_REQUEST = 80_877_103;
const HEADER = 5;
/** Longest message that is waited for: an error report has some hundred bytes. */
const MOST_MESSAGE = 8_192;
/** Who we say we are: its log says so where the server lets anybody in. */
const USER = 'faultline_probe';

/**
 * Asks to be let in as a role that is not there. A server that wants a password says so before it looks for the role,
 * and writes nothing when the connection ends there (measured with 15); one that trusts the address, or has no
 * entry for it, writes a line, and `logged` tells.
 */
export const startup: Dialogue = {
  hello: startupMessage(),
  read: (bytes) => judge(bytes, false),
  atEnd: (bytes) => judge(bytes, true),
};

/** Asks whether it would speak TLS: one byte comes back, no slot is taken and no line written. */
export const sslRequest: Dialogue = {
  hello: sslMessage(),
  read(bytes) {
    const first = String.fromCharCode(bytes[0] as number);
    if (first === 'S' || first === 'N') return { state: 'alive', said: 'answers the start of a handshake' };
    return first === 'E' ? judge(bytes, false) : notThis('PostgreSQL');
  },
  atEnd: (bytes) => judge(bytes, true),
};

function startupMessage(): Buffer {
  const body = Buffer.from(`user\0${USER}\0database\0postgres\0application_name\0faultline\0\0`, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.writeUInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, body]);
}

function sslMessage(): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(8, 0);
  bytes.writeUInt32BE(SSL_REQUEST, 4);
  return bytes;
}

/** Walks the messages; `ended` when no more bytes come. */
function judge(bytes: Buffer, ended: boolean): Verdict | undefined {
  let trusted = false;
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const kind = String.fromCharCode(bytes[at] as number);
    const length = bytes.readUInt32BE(at + 1);
    if (length < 4 || length > MOST_MESSAGE) return oldError(bytes, at, ended) ?? notThis('PostgreSQL');
    const end = at + 1 + length;
    if (end > bytes.length) break;
    const message = bytes.subarray(at + HEADER, end);
    if (kind === 'E') return ofError(message, trusted);
    if (kind === 'R') {
      if (message.length < 4) return notThis('PostgreSQL');
      if (message.readUInt32BE(0) !== 0) return { state: 'alive', said: 'asks for a password' };
      // It lets us in: what comes next is whether there is room.
      trusted = true;
    } else if (!trusted && kind !== 'v' && kind !== 'N') return notThis('PostgreSQL');
    else if (trusted) return { state: 'alive', said: 'answers the handshake', logged: true };
    at = end;
  }
  if (!ended) return undefined;
  if (trusted) return { state: 'alive', said: 'answers the handshake', logged: true };
  return bytes.length === 0 ? undefined : notThis('PostgreSQL');
}

/** A postmaster that cannot start a process for the client says so in the words of protocol 2: `E`, text, zero. */
function oldError(bytes: Buffer, at: number, ended: boolean): Verdict | undefined {
  if (bytes[at] !== 0x45) return undefined;
  const text = bytes.toString('latin1', at + 1, Math.min(bytes.length, at + 300)).split('\0')[0] ?? '';
  if (!/^(could not|FATAL|server|sorry)/i.test(text) || (!ended && !bytes.includes(0, at + 1)))
    return undefined;
  return { state: 'not-ready', said: words(text) };
}

/**
 * SQLSTATE as in PostgreSQL's appendix A: 53300 too_many_connections, 57P03 cannot_connect_now, class 28 and 3D are
 * about who asks, which a server that is well says. PgBouncer has no code for a full one.
 */
function ofError(message: Buffer, trusted: boolean): Verdict {
  const { code, text } = fieldsOf(message);
  const said = words(text || 'an error without words');
  if (code === '53300' || /no more connections allowed|too many (clients|connections)/i.test(text))
    return { state: 'full', said };
  if (/^(53|57|58|XX)/.test(code)) return { state: 'not-ready', said };
  if (code === '' && text === '') return notThis('PostgreSQL');
  return { state: 'alive', said: trusted ? 'answers the handshake' : `answers: ${said}`, logged: true };
}

/** Fields of an error report: a letter and a text that ends with zero each. */
function fieldsOf(message: Buffer): { code: string; text: string } {
  const found = { code: '', text: '' };
  for (let at = 0; at < message.length && message[at] !== 0; ) {
    const end = message.indexOf(0, at + 1);
    if (end < 0) break;
    const value = message.toString('utf8', at + 1, end);
    if (message[at] === 0x43) found.code = value.slice(0, 5);
    if (message[at] === 0x4d) found.text = value;
    at = end + 1;
  }
  return found;
}
