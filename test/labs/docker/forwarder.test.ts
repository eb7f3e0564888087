import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import dnsPacket, { type Answer, type DecodedPacket } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, test as run } from 'vitest';
import { askForwarder } from '../../../source/labs/docker/counters.js';
import { freePorts } from '../../../source/labs/docker/free-ports.js';
import { until } from '../../helpers/until.js';

/** The bounded forwarder as the program it is, before a name server of ours. */
const PROGRAM = fileURLToPath(
  new URL('../../../source/labs/images/lab/programs/resolver/forwarder.py', import.meta.url),
);
const LOOPBACK = '127.0.0.1';
const CONTAINERS: Record<string, string> = { postgres: '10.9.8.7', 'example.org': '192.0.2.1' };

/** The lab's image has its own; a machine without one is no reason to fail. */
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython)
  process.stderr.write('\n!! NOT RUN: the forwarder as a program: python3 is not installed\n\n');
const test = run.skipIf(!hasPython);

let upstream: Socket;
let asked: string[];
let program: ChildProcess;
let port: number;
let folder: string;

async function start(...args: string[]): Promise<void> {
  [port] = (await freePorts(1)) as [number];
  const { port: to } = upstream.address();
  program = spawn('python3', [
    ...[PROGRAM, '--listen', `${LOOPBACK}:${port}`, '--upstream', `${LOOPBACK}:${to}`],
    ...['--switches', join(folder, 'switches'), ...args],
  ]);
  await once(program.stdout as NodeJS.ReadableStream, 'data');
}

beforeEach(async () => {
  if (!hasPython) return;
  folder = mkdtempSync(join(tmpdir(), 'faultline-forwarder-'));
  asked = [];
  upstream = createSocket('udp4', (bytes, from) => {
    const query = dnsPacket.decode(bytes);
    const { name = '', type } = query.questions?.[0] ?? {};
    asked.push(`${type} ${name}`);
    if (name === 'silent') return;
    const address = CONTAINERS[name];
    const answers: Answer[] =
      type === 'A' && address ? [{ type: 'A', name, class: 'IN', ttl: 600, data: address }] : [];
    // 3 is NXDOMAIN.
    const answer = { type: 'response', id: query.id, flags: address ? 0 : 3, questions: query.questions };
    upstream.send(dnsPacket.encode({ ...answer, answers } as never), from.port, from.address);
  });
  upstream.bind(0, LOOPBACK);
  await once(upstream, 'listening');
});

afterEach(async () => {
  if (!hasPython) return;
  upstream.close();
  program.kill('SIGINT');
  if (program.exitCode === null) await once(program, 'exit');
  rmSync(folder, { recursive: true });
});

const question = (id: number, name = 'postgres.lab.internal', type: 'A' | 'AAAA' = 'A'): Buffer =>
  dnsPacket.encode({ type: 'query', id, flags: 0x100, questions: [{ type, name }] });

/** Sends from one socket, and takes what comes back until each question is served or dropped; broken ones count for none. */
async function ask(packets: readonly Buffer[], questions = packets.length): Promise<DecodedPacket[]> {
  const before = await counters();
  const socket = createSocket('udp4');
  const answers: DecodedPacket[] = [];
  socket.on('message', (bytes) => answers.push(dnsPacket.decode(bytes)));
  for (const packet of packets) socket.send(packet, port, LOOPBACK);
  await until('all are served or dropped', async () => {
    const now = await counters();
    const served = now.served - before.served;
    return served + now.dropped - before.dropped === questions && answers.length === served;
  });
  socket.close();
  return answers;
}

/** What the program counts. */
async function counters() {
  const told = await askForwarder(`${LOOPBACK}:${port}`);
  if (told === null) throw new Error('the forwarder does not tell its counters');
  return told;
}

const ids = (answers: readonly DecodedPacket[]): (number | undefined)[] => answers.map(({ id }) => id);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const codeOf = (answer: DecodedPacket | undefined): number => (answer?.flags ?? 0) & 0xf;

describe('what is asked upstream', () => {
  test('a name of the zone without the zone, any other as it is; the answer is of the name that was asked for', async () => {
    await start('--service-ms', '1');
    const [inside, outside] = await ask([question(1), question(2, 'example.org')]);
    expect(asked).toEqual(['A postgres', 'A example.org']);
    expect(inside?.answers).toMatchObject([{ name: 'postgres.lab.internal', data: '10.9.8.7' }]);
    expect(outside?.answers).toMatchObject([{ name: 'example.org', data: '192.0.2.1' }]);
  });

  test('no address of a type, no such name and no answer at all stay three things', async () => {
    await start('--service-ms', '1');
    const answers = await ask([
      question(1, undefined, 'AAAA'),
      question(2, 'nobody.lab.internal'),
      question(3, 'silent.lab.internal'),
    ]);
    // NOERROR without records, NXDOMAIN, SERVFAIL.
    expect(answers.map((answer) => [answer.id, codeOf(answer)])).toEqual([
      [1, 0],
      [2, 3],
      [3, 2],
    ]);
    expect(answers[0]?.answers).toEqual([]);
  });
});

describe('the queue', () => {
  test('one at a time, first come first served, and silence for those that find it full', async () => {
    await start('--service-ms', '100', '--queue', '5');
    const answers = await ask(range(20).map((id) => question(id)));
    // One is at work while five wait; how many the worker takes while the rest arrive is the scheduler's.
    expect(answers.length).toBeGreaterThanOrEqual(5);
    expect(answers.length).toBeLessThanOrEqual(8);
    expect(ids(answers)).toEqual(ids(answers).toSorted((a = 0, b = 0) => a - b));
    expect(await askForwarder(`${LOOPBACK}:${port}`)).toEqual({
      served: answers.length,
      dropped: 20 - answers.length,
      queue: 0,
      queueMax: 5,
    });
  });

  test('its counters are told while it is full', async () => {
    await start('--service-ms', '200', '--queue', '5');
    const waiting = ask(range(20).map((id) => question(id)));
    await until('its queue is told to be full', async () => (await counters()).queue >= 4);
    await waiting;
  });

  test('newest first when that is switched on, while it runs', async () => {
    await start('--service-ms', '50', '--queue', '5');
    writeFileSync(join(folder, 'switches'), 'pool\nlifo\n');
    await ask([question(99)]);
    const answers = await ask(range(20).map((id) => question(id)));
    expect(ids(answers)).toContain(20);
    expect(ids(answers).slice(1)).toEqual(
      ids(answers)
        .slice(1)
        .toSorted((a = 0, b = 0) => b - a),
    );
  });
});

test('TCP is served by the same queue', async () => {
  await start('--service-ms', '1');
  const socket = connect(port, LOOPBACK);
  const packet = question(7);
  socket.write(Buffer.concat([Buffer.from([0, packet.length]), packet]));
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(dnsPacket.decode(bytes.subarray(2)).answers).toMatchObject([{ data: '10.9.8.7' }]);
  socket.destroy();
});

test('what is no question is passed over, and the next one is served', async () => {
  await start('--service-ms', '1');
  const broken = [
    Buffer.alloc(0),
    Buffer.from('hello'),
    Buffer.alloc(600, 0xff),
    question(1).subarray(0, 20),
  ];
  expect(ids(await ask([...broken, question(2)], 1))).toEqual([2]);
});
