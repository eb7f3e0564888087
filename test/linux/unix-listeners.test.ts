import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  decodeUnixReply,
  encodeUnixRequest,
  readUnixListeners,
  type UnixListener,
} from '../../source/linux/netlink/unix-listeners.js';
import { seededRandom } from './seeded-random.js';

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(path, () => resolve(server));
  });

it('tells a listener at a path and one without a file, with their queues', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-unix-'));
  const path = join(folder, 'a.sock');
  const abstract = `\0${folder}`;
  const servers = [await listen(path), await listen(abstract)];
  try {
    const all = await readUnixListeners();
    expect(all.find((one) => one.path === path)).toMatchObject({ queued: 0, pending: [] });
    expect(all.find((one) => one.path === path)?.backlog).toBeGreaterThan(0);
    expect(all.some((one) => one.path === `@${folder}`)).toBe(true);
  } finally {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  }
});

it('tells who waits, the oldest first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-unix-'));
  const path = join(folder, 'a.sock');
  const server = await listen(path);
  const clients = [connect(path), connect(path)];
  try {
    // The event loop has not turned since connect(2): nobody is accepted yet.
    const found = (await readUnixListeners()).find((one) => one.path === path);
    expect(found?.queued).toBeLessThanOrEqual(2);
    expect(found?.pending.length).toBe(found?.queued);
  } finally {
    for (const client of clients) client.destroy();
    server.close();
    rmSync(folder, { recursive: true });
  }
});

/** One listener as the kernel writes it: struct unix_diag_msg, then name, queue and who waits. */
function reply(sequence: number, name: string, pending: readonly number[]): Buffer {
  const attribute = (type: number, value: Buffer): Buffer => {
    const bytes = Buffer.alloc((4 + value.length + 3) & ~3);
    bytes.writeUInt16LE(4 + value.length, 0);
    bytes.writeUInt16LE(type, 2);
    value.copy(bytes, 4);
    return bytes;
  };
  const words = (all: readonly number[]): Buffer => Buffer.from(new Uint32Array(all).buffer);
  const body = Buffer.concat([
    Buffer.from([1, 1, 10, 0, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    attribute(0, Buffer.from(name)),
    attribute(3, words(pending)),
    attribute(4, words([pending.length, 128])),
  ]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, body]);
}

it('decodes what the kernel writes, and tells few of many that wait', () => {
  const found: UnixListener[] = [];
  expect(decodeUnixReply(reply(7, '/run/fpm.sock\0', [11, 0, 13]), 7, found)).toBe(false);
  expect(found).toEqual([
    { path: '/run/fpm.sock', inode: 77, queued: 3, backlog: 128, pending: [11, 0, 13], clients: [11, 13] },
  ]);
  const many: UnixListener[] = [];
  decodeUnixReply(
    reply(
      7,
      '\0x\0y',
      [...Array(500)].map((_, i) => i + 1),
    ),
    7,
    many,
  );
  expect(many[0]).toMatchObject({ path: '@x@y', queued: 500 });
  expect(many[0]?.pending).toHaveLength(16);
  expect(encodeUnixRequest(7)).toHaveLength(40);
});

it('neither loops nor throws anything but its own error on broken bytes', () => {
  const random = seededRandom(7);
  const whole = reply(7, '/run/fpm.sock\0', [1, 2]);
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(whole.subarray(0, Math.floor(random() * (whole.length + 1))));
    for (let hits = 0; hits < 4 && bytes.length > 0; hits++)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    try {
      decodeUnixReply(bytes, 7, []);
    } catch (error) {
      expect(error).toHaveProperty('name', 'NetlinkError');
    }
  }
});
