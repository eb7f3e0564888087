import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode } from 'dns-packet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createQueue } from '../../../source/labs/embedded/resolver/queue.js';
import { readQuery } from '../../../source/labs/embedded/resolver/read-query.js';
import { type ResolverServer, startResolver } from '../../../source/labs/embedded/resolver/server.js';
import { framed, messageCutter } from '../../../source/labs/embedded/resolver/tcp-framing.js';
import { until } from '../../helpers/until.js';

const NAME = 'postgres.lab.internal';
const names = new Map([[NAME, '127.0.0.1']]);
let server: ResolverServer;

beforeEach(async () => {
  server = await startResolver({ port: 0, serviceMs: 20, queueMax: 256, names });
});
afterEach(() => server.close());

function query(name: string, type: 'A' | 'AAAA' | 'TXT' = 'A', id = 7): Buffer {
  return Buffer.from(encode({ type: 'query', id, flags: 0x100, questions: [{ type, name }] }));
}

/** Sends packets from one socket, and gives what was answered once it is `enough`: so many, or what a test waits for. */
async function udp(
  packets: readonly Buffer[],
  enough: number | ((answers: number) => boolean),
): Promise<Buffer[]> {
  const socket = createSocket('udp4');
  const answers: Buffer[] = [];
  socket.on('message', (answer) => answers.push(answer));
  await Promise.all(
    packets.map((packet) => new Promise((sent) => socket.send(packet, server.port, '127.0.0.1', sent))),
  );
  await until('it has answered', () =>
    typeof enough === 'number' ? answers.length >= enough : enough(answers.length),
  );
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return answers;
}

async function ask(name: string, type: 'A' | 'AAAA' | 'TXT' = 'A') {
  const [answer] = await udp([query(name, type)], 1);
  const packet = decode(answer as Buffer);
  return { rcode: (packet as unknown as { rcode: string }).rcode, packet };
}

test('answers its zone, denies what is not in it, refuses the rest', async () => {
  const known = await ask('PostGres.lab.internal');
  expect(known.packet.answers).toMatchObject([{ type: 'A', data: '127.0.0.1' }]);
  const noData = await ask(NAME, 'AAAA');
  expect([noData.rcode, noData.packet.answers?.length]).toEqual(['NOERROR', 0]);
  expect(noData.packet.authorities?.[0]?.type).toBe('SOA');
  expect((await ask('mysql.lab.internal')).rcode).toBe('NXDOMAIN');
  expect((await ask('example.com')).rcode).toBe('REFUSED');
});

test('answers over TCP, several questions on one connection, cut anywhere', async () => {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const answers: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on(
      'data',
      messageCutter((message) => answers.push(Buffer.from(message)) === 2 && resolve()),
    );
  });
  const bytes = Buffer.concat([framed(query(NAME, 'A', 1)), framed(query(NAME, 'A', 2))]);
  socket.write(bytes.subarray(0, 5));
  setTimeout(() => socket.write(bytes.subarray(5)), 20);
  await done;
  expect(answers.map((answer) => decode(answer).id)).toEqual([1, 2]);
  socket.destroy();
});

test('a full queue drops in silence and counts what it drops', async () => {
  await server.close();
  server = await startResolver({ port: 0, serviceMs: 20, queueMax: 16, names });
  const packets = Array.from({ length: 60 }, (_, id) => query(NAME, 'A', id));
  const answers = await udp(packets, (count) => {
    const { served, dropped } = server.counters();
    return served + dropped === packets.length && count === served;
  });
  expect(answers.length).toBeGreaterThanOrEqual(16);
  expect(answers.length).toBeLessThan(30);
  const { dropped, queue, served } = server.counters();
  expect([served + dropped, queue, served]).toEqual([60, 0, answers.length]);
});

test('newest first serves the last in and throws the oldest away', () => {
  const queue = createQueue<number>(3);
  queue.setNewestFirst(true);
  for (const item of [1, 2, 3, 4]) queue.push(item);
  expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([4, 3, 2, undefined]);
  expect(queue.dropped).toBe(1);
  queue.setNewestFirst(false);
  for (const item of [1, 2, 3, 4]) queue.push(item);
  expect([queue.take(), queue.dropped]).toEqual([1, 2]);
});

test('one worker spends its service time on each query', async () => {
  const since = performance.now();
  await udp(
    Array.from({ length: 30 }, (_, id) => query(NAME, 'A', id)),
    30,
  );
  expect(performance.now() - since).toBeGreaterThan(30 * 20 * 0.8);
});

/** What anyone may send: each is one datagram. */
function hostilePackets(): Buffer[] {
  const good = query(NAME);
  const pointerLoop = Buffer.concat([good.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]);
  const manyRecords = Buffer.from(good);
  manyRecords.writeUInt16BE(0xffff, 6);
  const twoQuestions = Buffer.from(good);
  twoQuestions.writeUInt16BE(2, 4);
  const response = Buffer.from(good);
  response.writeUInt8(0x80, 2);
  const update = Buffer.from(good);
  update.writeUInt8(0x28, 2);
  const odd = Buffer.from(good);
  odd.writeUInt16BE(0xfffe, good.length - 4);
  odd.writeUInt16BE(0xfffd, good.length - 2);
  const cuts = Array.from({ length: good.length }, (_, at) => good.subarray(0, at));
  let seed = 42;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed;
  };
  const noise = Array.from({ length: 2_000 }, () => {
    const bytes = Buffer.from(good);
    for (let flips = 1 + (random() % 6); flips > 0; flips -= 1)
      bytes[random() % bytes.length] = random() % 256;
    return bytes;
  });
  return [
    pointerLoop,
    manyRecords,
    twoQuestions,
    response,
    update,
    odd,
    ...cuts,
    ...noise,
    Buffer.alloc(60_000, 0xc0),
  ];
}

test('no packet makes the reader throw, and a response is never answered', () => {
  for (const packet of hostilePackets()) {
    const { kind } = readQuery(packet);
    const isResponse = packet.length >= 12 && (packet.readUInt8(2) & 0x80) !== 0;
    if (packet.length < 12 || isResponse) expect(kind).toBe('ignore');
  }
});

test('after hostile packets over UDP and TCP it still answers', async () => {
  const hostile = hostilePackets();
  const wrong = hostile.filter((packet) => readQuery(packet).kind !== 'question');
  expect(wrong.length).toBeGreaterThan(100);
  await udp([...wrong, ...hostile.filter((packet) => !wrong.includes(packet)).slice(0, 60)], 0);
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  for (const packet of wrong) socket.write(framed(packet));
  socket.end(Buffer.from([0xff]));
  socket.resume();
  await once(socket, 'close');
  const [answer] = await udp([query(NAME, 'A', 99)], 1);
  expect(decode(answer as Buffer).id).toBe(99);
});
