import type { OpenFd } from '../socket-calls.js';
import { NetlinkError } from './inet-diag-reply.js';
import { LITTLE, SOCK_DIAG_BY_FAMILY } from './inet-diag-request.js';
import { openDiagSocket } from './netlink-socket.js';
import { attributesOf, BODY, encodeDumpRequest, readDump } from './route-dump.js';

/** include/uapi/linux/unix_diag.h: struct unix_diag_req (24 bytes), struct unix_diag_msg (16), and what is asked for. */
const REQUEST = 24;
const MESSAGE = 16;
const AF_UNIX = 1;
const TCP_LISTEN = 10;
const SHOW_NAME = 0x1;
const SHOW_PENDING = 0x8;
const SHOW_QUEUE = 0x10;
const UNIX_DIAG_NAME = 0;
const UNIX_DIAG_ICONS = 3;
const UNIX_DIAG_RQLEN = 4;

const BUFFER_BYTES = 64 * 1024;
/** Datagrams read at most, each of some hundred listeners: a host has a few dozen. */
const MOST_DATAGRAMS = 100;
/** Clients told of one listener at most, those that wait longest first. */
const MOST_CLIENTS = 16;
const SEQUENCE = 1;

/** A listener at a path, as NETLINK_SOCK_DIAG tells of it. */
export interface UnixListener {
  /** Its path; one without a file begins with `@`, as ss(8) shows it. */
  readonly path: string;
  readonly inode: number;
  /** Connections that wait for accept(), and how many may. */
  readonly queued: number;
  readonly backlog: number;
  /** Inodes of the clients' sockets that wait, the oldest 16; 0 of one that has gone. */
  readonly pending: readonly number[];
  /** The oldest of those that are still there, at most 16. */
  readonly clients: readonly number[];
}

/**
 * Who listens at a Unix socket in this host's network, or in that in which `openFd` opens. The kernel walks all Unix
 * sockets, some 0.1 µs each. Rejects as openDiagSocket, or with NetlinkError (ENOENT where it has no unix_diag).
 */
export async function readUnixListeners(openFd?: OpenFd): Promise<UnixListener[]> {
  const found: UnixListener[] = [];
  const socket = await openDiagSocket(openFd);
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  try {
    socket.send(encodeUnixRequest(SEQUENCE));
    for (let i = 0; i < MOST_DATAGRAMS; i++) {
      // The kernel writes the next part of a dump into the socket before recv() returns: nothing is waited for.
      const got = socket.receive(buffer);
      if (got <= 0) throw new NetlinkError('the dump of Unix sockets did not end', 0);
      if (decodeUnixReply(buffer.subarray(0, got), SEQUENCE, found)) break;
    }
  } finally {
    socket.close();
  }
  return found;
}

/** The bytes that ask for all Unix sockets that are listened on. */
export function encodeUnixRequest(sequence: number): Buffer {
  const bytes = encodeDumpRequest(SOCK_DIAG_BY_FAMILY, REQUEST, sequence);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes[BODY] = AF_UNIX;
  view.setUint32(BODY + 4, 1 << TCP_LISTEN, LITTLE);
  view.setUint32(BODY + 12, SHOW_NAME | SHOW_PENDING | SHOW_QUEUE, LITTLE);
  return bytes;
}

/** Adds the listeners of one datagram; true once the last one came. Throws NetlinkError as `readDump`. */
export const decodeUnixReply = (bytes: Uint8Array, sequence: number, found: UnixListener[]): boolean =>
  readDump(bytes, sequence, {
    ...{ type: SOCK_DIAG_BY_FAMILY, bodyBytes: MESSAGE, what: 'the dump of Unix sockets' },
    take(view, at, end) {
      const listener = listenerOf(view, bytes, at, end);
      if (listener) found.push(listener);
    },
  });

function listenerOf(view: DataView, bytes: Uint8Array, at: number, end: number): UnixListener | undefined {
  if (view.getUint8(at) !== AF_UNIX || view.getUint8(at + 2) !== TCP_LISTEN) return undefined;
  const attributes = attributesOf(view, at + MESSAGE, end);
  const name = attributes.get(UNIX_DIAG_NAME);
  const queue = attributes.get(UNIX_DIAG_RQLEN);
  if (!name || !queue || queue.end - queue.at < 8) return undefined;
  const waits = attributes.get(UNIX_DIAG_ICONS);
  const [from, to] = waits ? [waits.at, waits.end] : [0, 0];
  const pending: number[] = [];
  const clients: number[] = [];
  for (let one = from; one + 4 <= to && clients.length < MOST_CLIENTS; one += 4) {
    const client = view.getUint32(one, LITTLE);
    if (pending.length < MOST_CLIENTS) pending.push(client);
    if (client !== 0) clients.push(client);
  }
  return {
    path: pathOf(Buffer.from(bytes.subarray(name.at, name.end)).toString('utf8')),
    inode: view.getUint32(at + 4, LITTLE),
    queued: view.getUint32(queue.at, LITTLE),
    backlog: view.getUint32(queue.at + 4, LITTLE),
    ...{ pending, clients },
  };
}

/** unix(7): a path ends with a NUL; an abstract name begins with one and may hold others. */
const pathOf = (name: string): string =>
  name.startsWith('\0') ? name.replaceAll('\0', '@') : (name.split('\0', 1)[0] ?? '');
