import { Socket } from 'node:net';

/** Longest message taken (bytes): answers to our questions are of a few kilobytes. */
const MOST_BYTES = 1024 * 1024;
const HEADER = 5;
/** PostgreSQL's default is 4,096 (RFC 7677); a server that asks for more than this would have us compute for minutes. */
const MOST_ITERATIONS = 1_000_000;

/** What a server sent is no message of the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code = 'EPROTO';
}

/**
 * A connection that hands on whole messages of PostgreSQL's protocol only (version 3, "Message Formats"). The library
 * reads what a server says without a bound: an error report without its end keeps it reading for ever, other bytes
 * throw where nobody catches. Both end the connection here, with an error that its listeners get.
 */
export class CheckedSocket extends Socket {
  #held: Buffer[] = [];
  #heldBytes = 0;

  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (event !== 'data') return super.emit(event, ...given);
    try {
      for (const message of this.#messagesIn(given[0] as Buffer)) super.emit('data', message);
    } catch (error) {
      this.destroy(error as Error);
    }
    return true;
  }

  #messagesIn(chunk: Buffer): Buffer[] {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    const wanted = this.#wanted();
    if (this.#heldBytes < wanted) return [];
    const bytes = Buffer.concat(this.#held);
    const messages: Buffer[] = [];
    let at = 0;
    for (let end = endOf(bytes, at); end <= bytes.length; end = endOf(bytes, at)) {
      checkMessage(bytes.subarray(at, end));
      messages.push(bytes.subarray(at, end));
      at = end;
    }
    this.#held = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#heldBytes = bytes.length - at;
    return messages;
  }

  /** Bytes without which there is nothing to look at: those of the message that has begun. */
  #wanted(): number {
    const [first] = this.#held;
    return first === undefined || first.length < HEADER ? HEADER : endOf(first, 0);
  }
}

/** Where a message ends that begins at `at`; where even its head is not there yet, one byte further than there is. */
function endOf(bytes: Buffer, at: number): number {
  if (bytes.length - at < HEADER) return bytes.length + 1;
  const length = bytes.readUInt32BE(at + 1);
  if (length < 4 || length > MOST_BYTES) throw new ProtocolError(`a message of ${length} bytes`);
  return at + 1 + length;
}

/** Throws ProtocolError for a message whose texts do not end within it, where the library looks for their ends. */
function checkMessage(message: Buffer): void {
  const kind = String.fromCharCode(message[0] as number);
  if (kind === 'E' || kind === 'N') {
    for (let at = HEADER; message[at] !== 0; ) at = afterText(message, at + 1, kind);
  } else if (kind === 'R') checkAuthentication(message);
}

function checkAuthentication(message: Buffer): void {
  const text = message.toString('latin1', HEADER + 4);
  const isChallenge = message.length >= HEADER + 4 && message.readInt32BE(HEADER) === 11;
  if (isChallenge && Number(/,i=(\d+)/.exec(text)?.[1] ?? 0) > MOST_ITERATIONS)
    throw new ProtocolError('a password check of more than a million iterations');
}

/** Behind the text that begins at `at` and ends with a zero. */
function afterText(message: Buffer, at: number, kind: string): number {
  const end = message.indexOf(0, at);
  // The report itself ends with one more.
  if (end < 0 || end + 1 >= message.length) throw new ProtocolError(`message ${kind} has no end`);
  return end + 1;
}
