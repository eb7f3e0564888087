import { spawnSync } from 'node:child_process';
import { closeSync, readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insideNetwork, networkOf } from '../../../source/linux/namespace/inside-network.js';
import { bindLibc, type Libc, loadLibc } from '../../../source/linux/namespace/libc.js';
import {
  errnoName,
  explainEnter,
  explainOpen,
  explainSocket,
  NamespaceError,
} from '../../../source/linux/namespace/namespace-error.js';
import { nodeSocketsIn } from '../../../source/linux/namespace/node-sockets.js';
import { AF_INET, SOCK_STREAM, socketIn } from '../../../source/linux/namespace/socket-in.js';
import { openPlace, type Place, whyNoPlaces } from './places.js';

const openFiles = (): number => readdirSync('/proc/self/fd').length;
const here = (): string => readlinkSync('/proc/self/ns/net');
const program = fileURLToPath(new URL('programs/no-way-back.mjs', import.meta.url));
const folder = new URL(
  `../../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/linux/namespace`,
  import.meta.url,
);

describe.skipIf(whyNoPlaces())("another process' network", () => {
  let place: Place;
  let libc: Libc;
  beforeAll(async () => {
    libc = await loadLibc();
    place = await openPlace({ tcp: [{ port: 7070, address: '127.0.0.1' }] });
    // From the first time on the way home is held open.
    insideNetwork(libc, place.pid, here);
  });
  afterAll(async () => place?.close());

  it('is where the action runs, and not where anything after it does', () => {
    const home = here();
    const seen = insideNetwork(libc, place.pid, here);
    expect(seen).toBe(networkOf(place.pid));
    expect(seen).not.toBe(home);
    expect(here()).toBe(home);
  });

  it('is left when the action throws', () => {
    const home = here();
    expect(() =>
      insideNetwork(libc, place.pid, () => {
        throw new Error('no luck');
      }),
    ).toThrow('no luck');
    expect(here()).toBe(home);
  });

  it('gives sockets that stay its own: 200 rounds leave no descriptor and no namespace behind', async () => {
    const home = here();
    closeSync(await socketIn(place.pid, AF_INET, SOCK_STREAM));
    const before = openFiles();
    for (let i = 0; i < 200; i++) closeSync(await socketIn(place.pid, AF_INET, SOCK_STREAM));
    expect(openFiles()).toBe(before);
    const sockets = await nodeSocketsIn(place.pid);
    for (let i = 0; i < 50; i++) {
      const socket = sockets.knock({ address: '127.0.0.1', port: 7070 });
      await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
      await new Promise((done) => socket.once('close', done).destroy());
      const udp = sockets.udp(4);
      await new Promise<void>((done) => udp.close(done));
    }
    await new Promise((done) => setImmediate(done));
    expect(openFiles()).toBe(before);
    expect(here()).toBe(home);
  });

  it('leaves no descriptor when the process is gone, or the socket is one that no kernel has', async () => {
    const gone = await openPlace();
    await gone.close();
    const before = openFiles();
    await expect(socketIn(gone.pid, AF_INET, SOCK_STREAM)).rejects.toMatchObject({ failure: 'gone' });
    await expect(socketIn(place.pid, AF_INET, 77)).rejects.toBeInstanceOf(NamespaceError);
    await expect(socketIn(place.pid, 99, SOCK_STREAM)).rejects.toMatchObject({ failure: 'unsupported' });
    expect(openFiles()).toBe(before);
  });

  it('ends the process where there is no way back, whoever catches what', () => {
    const words = [program, fileURLToPath(folder), String(place.pid)];
    const ended = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect(ended.stderr).toContain('no way back from the network of process');
    expect(ended.stdout).toBe('exit listeners ran\n');
    expect(ended.status).toBe(70);
  });
});

it('needs no right to enter the network that it is in', async () => {
  const fd = await socketIn(process.pid, AF_INET, SOCK_STREAM);
  closeSync(fd);
  expect(networkOf(process.pid)).toBe(here());
});

describe('what is said when it cannot be', () => {
  it('koffi does not load', async () => {
    const broken = () => Promise.reject(new Error('Cannot find the native Koffi module\nat …'));
    await expect(bindLibc(broken)).rejects.toMatchObject({
      failure: 'unsupported',
      message: 'koffi has no binary that loads here: Cannot find the native Koffi module',
      mend: 'npm rebuild koffi',
    });
  });

  it('this is no Linux', async () => {
    await expect(bindLibc(undefined, 'darwin')).rejects.toMatchObject({ failure: 'unsupported' });
  });

  it('the right is missing: which one', () => {
    expect(explainEnter(7, 1)).toMatchObject({ failure: 'denied' });
    expect(explainEnter(7, 1).message).toContain('CAP_SYS_ADMIN');
    expect(explainOpen('/proc/7/ns/net', 'EACCES').message).toContain('CAP_SYS_PTRACE');
    expect(explainSocket(7, 1).message).toContain('CAP_NET_RAW');
  });

  it('the process has ended, descriptors have run out, the kernel has none', () => {
    expect(explainOpen('/proc/7/ns/net', 'ESRCH').failure).toBe('gone');
    expect(explainOpen('/proc/7/ns/net', 'EMFILE').mend).toContain('ulimit');
    expect(explainSocket(7, 24).mend).toContain('ulimit');
    expect(explainEnter(7, 22).failure).toBe('unsupported');
    expect(explainSocket(7, 97).failure).toBe('unsupported');
    expect(explainOpen('/proc/7/ns/net', 'EIO').message).toContain('EIO');
    expect(errnoName(9_999)).toBe('errno 9999');
  });
});
