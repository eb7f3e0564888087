import { connect, type Socket } from 'node:net';
import { type DnsQuestion, type DnsReply, decodeReply, encodeQuestion } from './message.js';
import type { DnsOutcome } from './sample.js';

/**
 * Errors by which connect() and send() say that no way leads there: no route or only a prohibiting (EACCES) or a
 * blackhole one (EINVAL), the interface down, no address of that family here, a rule of the packet filter (EPERM).
 */
const NO_WAY = new Set([
  ...['ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ENONET', 'EACCES', 'EPERM'],
  ...['EINVAL', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'],
]);

/** Outcome of a socket error: nobody listens, or no way there. */
export function outcomeOfError(code: string | undefined): DnsOutcome {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused';
  return code !== undefined && NO_WAY.has(code) ? 'unreachable' : 'timeout';
}

/** Begins to connect; the caller waits for `connect` or `error`. */
export type OpenStream = (server: { readonly address: string; readonly port: number }) => Socket;

/**
 * Asks one question over TCP: each message has its length in front, two bytes (RFC 1035 4.2.2). Resolves as
 * `timeout` after `patienceMs` or when aborted; rejects only with what `openStream` throws.
 */
export function askTcp(
  server: { readonly address: string; readonly port: number },
  question: DnsQuestion,
  patienceMs: number,
  signal: AbortSignal,
  openStream: OpenStream = ({ address, port }) => connect({ host: address, port }),
): Promise<DnsReply> {
  return new Promise((resolve) => {
    const socket = openStream(server);
    const end = (outcome: DnsOutcome, addresses: readonly string[] = []): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve({ outcome, addresses, truncated: false });
    };
    const giveUp = (): void => end('timeout');
    const timer = setTimeout(giveUp, patienceMs);
    signal.addEventListener('abort', giveUp, { once: true });
    let received = Buffer.alloc(0);
    socket.on('connect', () => {
      const message = encodeQuestion(question);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      socket.write(Buffer.concat([length, message]));
    });
    socket.on('data', (chunk: Buffer) => {
      // At most 65,537 bytes can be an answer; what follows is not read.
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE()) return;
      const reply = decodeReply(received.subarray(2, 2 + received.readUInt16BE()), question);
      end(reply?.outcome ?? 'OTHER', reply?.addresses);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(outcomeOfError(error.code)));
    socket.on('close', () => end('timeout'));
    if (signal.aborted) giveUp();
  });
}
