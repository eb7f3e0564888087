import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runInContainer } from '../../../source/engines/docker/containers/run-in-container.js';
import { connect } from '../../../source/engines/docker/link/connect.js';
import { decodeFiles } from '../../../source/probes/inside/reader/decode.js';
import { MOST_OUTPUT, READ_WITH_SHELL, splitFiles } from '../../../source/probes/inside/reader/files.js';

let folder = '';
let daemon: Server;
const sockets = new Set<Socket>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-endless-'));
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  daemon.close();
  rmSync(folder, { recursive: true });
});

/** A daemon whose containers have a shell that prints this for ever, as a frame of standard output each time. */
async function printing(text: string): Promise<string> {
  const frame = Buffer.alloc(8 + Buffer.byteLength(text));
  frame[0] = 1;
  frame.writeUInt32BE(Buffer.byteLength(text), 4);
  frame.write(text, 8);
  daemon = createServer((request, response) => {
    request.resume();
    response.end(request.url?.endsWith('/exec') ? '{"Id":"e"}' : '{"ExitCode":0}');
  });
  daemon.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  daemon.on('upgrade', (_, socket: Socket) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    const pour = (): void => {
      let room = true;
      while (room && !socket.destroyed) room = socket.write(frame);
      socket.once('drain', pour);
    };
    pour();
  });
  const path = join(folder, 'docker.sock');
  await new Promise<void>((up) => daemon.listen(path, up));
  return path;
}

it.each([
  ['a table without end', `==> /proc/net/tcp <==\n${'0: 0100007F:1F90 '.repeat(500)}\n`],
  ['nothing but names of files', '==> /proc/net/tcp <==\n'.repeat(400)],
  ['bytes that mean nothing', '\u0000\u001b[2J\u202e'.repeat(2_000)],
])(
  'a container whose shell prints %s is read to a bound, and what is read means something or nothing',
  async (_, text) => {
    const path = await printing(text);
    const { docker, destroy } = connect({ kind: 'unix', path, address: 'unix://x', from: 'test' });
    try {
      const signal = AbortSignal.timeout(15_000);
      const asked = { command: READ_WITH_SHELL, signal, mostBytes: MOST_OUTPUT };
      await expect(runInContainer(docker, 'c', asked)).rejects.toThrow(/more than 4194304 bytes of output/);
      expect(signal.aborted).toBe(false);
      // What a bound lets through is decoded as far as it means anything.
      const cut = text.repeat(Math.ceil(MOST_OUTPUT / text.length)).slice(0, MOST_OUTPUT);
      expect(() => decodeFiles(splitFiles(cut))).not.toThrow();
    } finally {
      destroy();
    }
  },
);
