import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createQueue } from './queue.js';
import { type Query, readQuery } from './read-query.js';
import { framed, messageCutter } from './tcp-framing.js';
import { startWorker } from './worker.js';
import { answerFor } from './zone.js';

const LOOPBACK = '127.0.0.1';
/** RFC 7766 section 6.2.3 leaves the idle time of a TCP connection to the server. */
const TCP_IDLE_MS = 10_000;
const TCP_CONNECTIONS = 64;
const BIND_TRIES = 10;

export interface ResolverOptions {
  /** 0 takes any port that is free for both TCP and UDP. */
  readonly port: number;
  readonly serviceMs: number;
  readonly queueMax: number;
  /** Names and addresses; changes take effect at once. */
  readonly names: Map<string, string>;
}

export interface ResolverCounters {
  readonly served: number;
  readonly dropped: number;
  readonly queue: number;
  readonly queueMax: number;
}

export interface ResolverServer {
  readonly port: number;
  counters(): ResolverCounters;
  setNewestFirst(on: boolean): void;
  close(): Promise<void>;
}

type Question = Extract<Query, { kind: 'question' }>;
type Job = { readonly query: Question; readonly reply: (answer: Buffer) => void };

/**
 * A bounded forwarder: one worker, a bounded queue in front of it, silence when the queue is full. It answers the
 * lab's zone from memory; the 20 ms are what asking upstream would take. dnsmasq bounds its work at 150 queries and
 * refuses beyond; Docker's embedded DNS once stopped at 100: neither is claimed to do what this one does today.
 * Rejects when the port is taken.
 */
export async function startResolver(options: ResolverOptions): Promise<ResolverServer> {
  const { tcp, udp, port } = await listen(options.port);
  const queue = createQueue<Job>(options.queueMax);
  const worker = startWorker(queue, options.serviceMs, ({ query, reply }) => {
    reply(answerFor(query.packet, query.question, options.names));
  });
  const take = (bytes: Buffer, reply: (answer: Buffer) => void): void => {
    const query = readQuery(bytes);
    if (query.kind === 'refuse') reply(query.answer);
    if (query.kind !== 'question') return;
    queue.push({ query, reply });
    worker.wake();
  };
  udp.on('message', (bytes, from) =>
    take(bytes, (answer) => udp.send(answer, from.port, from.address, () => {})),
  );
  udp.on('error', (error) => process.stderr.write(`resolver: ${error.message}\n`));
  const open = new Set<Socket>();
  tcp.maxConnections = TCP_CONNECTIONS;
  tcp.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
    const reply = (answer: Buffer): void => void (socket.writable && socket.write(framed(answer)));
    socket.on(
      'data',
      messageCutter((bytes) => take(Buffer.from(bytes), reply)),
    );
  });
  return {
    port,
    counters: () => ({
      served: worker.served,
      dropped: queue.dropped,
      queue: queue.length,
      queueMax: queue.max,
    }),
    setNewestFirst: (on) => queue.setNewestFirst(on),
    async close() {
      worker.stop();
      for (const socket of open) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

/** The same port for both protocols; a free TCP port may be taken for UDP, so a few are tried when any will do. */
async function listen(wanted: number): Promise<{ tcp: Server; udp: UdpSocket; port: number }> {
  for (let tries = 1; ; tries += 1) {
    const tcp = createServer();
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(wanted, LOOPBACK, () => resolve());
    });
    const { port } = tcp.address() as { port: number };
    const udp = createSocket('udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        udp.once('error', reject);
        udp.bind(port, LOOPBACK, () => resolve());
      });
      return { tcp, udp, port };
    } catch (error) {
      tcp.close();
      udp.close();
      if (wanted !== 0 || tries >= BIND_TRIES) throw error;
    }
  }
}
