import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Workload } from '../../source/engines/engine.js';
import type { ServiceSockets, SocketsSample } from '../../source/probes/samples.js';
import { createSocketsProbe, type SocketsProbeOptions } from '../../source/probes/sockets/sockets-probe.js';
import { runProbe } from './run-probe.js';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function workload(name: string, pid: number, port?: number): Workload {
  const ports = port === undefined ? [] : [{ protocol: 'tcp' as const, port }];
  return {
    name,
    state: 'running',
    pid,
    startedAt: Date.now(),
    restarts: 0,
    lastExit: null,
    ports,
  };
}

/** An address of loopback that nobody else on the machine dials from, another run of this test included. */
const CLIENT = `127.83.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;

const ME = workload('me', process.pid);

/** Every socket is read, however many another program has left on this machine, unless a test says otherwise. */
const census = (options: SocketsProbeOptions = {}): Promise<SocketsSample> =>
  runProbe(createSocketsProbe({ workloads: () => [ME], fullCensusSockets: 1_000_000, ...options }));

const mine = (sample: SocketsSample): ServiceSockets =>
  sample.perService.find(({ service }) => service === 'me') as ServiceSockets;

/** Whether a FIN towards a port still waits for its acknowledgement: state 04, FIN-WAIT-1, of /proc/net/tcp. */
function isUnacknowledged(port: number): boolean {
  const to = `:${port.toString(16).toUpperCase().padStart(4, '0')} 04`;
  return readFileSync('/proc/net/tcp', 'utf8').includes(to);
}

/** A server that never closes its side, so that clients which end leave it in CLOSE-WAIT. */
async function halfOpenServer(): Promise<{
  port: number;
  clients: Socket[];
  dial: (count: number) => Promise<void>;
  /** Resolves when so many of its clients have closed their side. */
  closed: (count: number) => Promise<void>;
}> {
  const accepted: Socket[] = [];
  const clients: Socket[] = [];
  let ends = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined).resume();
    socket.on('end', () => {
      ends += 1;
      server.emit('half-closed');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  open.push(() => {
    for (const socket of [...clients, ...accepted]) socket.resetAndDestroy();
    return new Promise((done) => server.close(done));
  });
  const dial = async (count: number): Promise<void> => {
    const before = accepted.length;
    for (let i = 0; i < count; i++) {
      const socket = connect({ port, host: '127.0.0.1', localAddress: CLIENT, allowHalfOpen: true });
      socket.on('error', () => undefined);
      clients.push(socket);
      await once(socket, 'connect');
    }
    while (accepted.length < before + count) await once(server, 'connection');
  };
  const closed = async (count: number): Promise<void> => {
    while (ends < count) await once(server, 'half-closed');
    // What the server has heard its kernel may acknowledge some milliseconds later (a delayed ACK).
    while (isUnacknowledged(port)) await setImmediate();
  };
  return { port, clients, dial, closed };
}

async function child(script: string): Promise<{ process: ChildProcess; said: string }> {
  const started = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  open.push(async () => {
    if (started.exitCode !== null || started.signalCode !== null) return;
    started.kill('SIGKILL');
    await once(started, 'exit');
  });
  const [line] = (await once(started.stdout, 'data')) as [Buffer];
  return { process: started, said: String(line).trim() };
}

describe.runIf(process.platform === 'linux')('the census', () => {
  it('sees CLOSE-WAIT, whose it is, and towards whom', async () => {
    // What a test before this one left to be closed in this process is ours as well.
    const before = mine(await census()).byState.LISTEN ?? 0;
    const { port, clients, dial, closed } = await halfOpenServer();
    await dial(9);
    for (const client of clients.slice(0, 6)) client.end();
    await closed(6);
    const sample = await census();
    expect(sample.means).toBe('netlink sock_diag');
    expect(mine(sample).byState).toMatchObject({
      ...{ 'CLOSE-WAIT': 6, 'FIN-WAIT-2': 6, ESTAB: 6, LISTEN: before + 1 },
    });
    expect(mine(sample)).toMatchObject({ inbound: 9, outbound: 9 });
    expect(sample.topPeers['CLOSE-WAIT']).toContainEqual({ peer: CLIENT, count: 6 });
    expect(sample.listeners).toContainEqual({
      service: 'me',
      address: '127.0.0.1',
      port,
      queued: 0,
      backlog: 511,
    });
  });

  it('is the same from netlink and from /proc text', async () => {
    const { dial, clients, closed } = await halfOpenServer();
    await dial(20);
    for (const client of clients.slice(0, 7)) client.end();
    await closed(7);
    const [netlink, text] = [await census({ means: 'netlink' }), await census({ means: 'proc' })];
    expect(text.means).toBe('/proc/net/tcp');
    expect(mine(text)).toEqual(mine(netlink));
    for (const sample of [netlink, text])
      expect(sample.topPeers['CLOSE-WAIT']).toContainEqual({ peer: CLIENT, count: 7 });
    expect(text.listeners.map(({ backlog }) => backlog)).toContain(null);
    expect(Object.keys(text.total)).toEqual(Object.keys(netlink.total));
  });

  it('asked for the sick only, gets the healthy from counters', async () => {
    const { dial, clients, closed } = await halfOpenServer();
    await dial(40);
    for (const client of clients.slice(0, 8)) client.end();
    // Closed, not ended: the kernel keeps these FIN-WAIT-2 as TIME-WAIT minisockets and counts them in `tw`.
    for (const client of clients.slice(8, 16)) client.destroy();
    await closed(16);
    const states = ['ESTAB', 'TIME-WAIT', 'CLOSE-WAIT', 'FIN-WAIT-2'] as const;
    const pick = ({ total }: SocketsSample): unknown => states.map((state) => total[state]);
    // Others on the machine open and close sockets too: two looks in a row must agree once, not each time.
    await expect
      .poll(
        async () => {
          const [full, sick] = [await census(), await census({ fullCensusSockets: 0 })];
          const split = Number(sick.v4.ESTAB) + Number(sick.v6.ESTAB) === sick.total.ESTAB;
          return split && sick.v4.ESTAB === full.v4.ESTAB && String(pick(full)) === String(pick(sick));
        },
        { timeout: 10_000, interval: 50 },
      )
      .toBe(true);
    const sick = await census({ fullCensusSockets: 0 });
    expect(sick.total['CLOSE-WAIT']).toBeGreaterThanOrEqual(16);
    expect(mine(sick).byState.ESTAB).toBeUndefined();
    expect(sick.missing.join()).toContain('ESTABLISHED by service');
  });

  it('shows the accept queue of a service that hangs, and who waits in it', async () => {
    const { process: hung, said } = await child(
      "require('net').createServer().listen({port: 0, host: '127.0.0.1', backlog: 3}, function () { console.log(this.address().port) })",
    );
    const port = Number(said);
    hung.kill('SIGSTOP');
    const clients = Array.from({ length: 4 }, () =>
      connect({ port, host: '127.0.0.1' }).on('error', () => undefined),
    );
    open.push(() => clients.map((socket) => socket.destroy()));
    await Promise.all(clients.map((socket) => once(socket, 'connect')));
    const sample = await census({ workloads: () => [ME, workload('hung', hung.pid as number, port)] });
    expect(sample.listeners.find((listener) => listener.port === port)).toEqual({
      pressed: { process: { pid: expect.any(Number), name: 'node' }, somaxconn: expect.any(Number) },
      stopped: { pid: hung.pid, name: 'node', by: 'signal', processes: 1, pids: [hung.pid] },
      service: 'hung',
      address: '127.0.0.1',
      port,
      queued: 4,
      backlog: 3,
    });
    expect(sample.listeners[0]?.queued).toBeGreaterThanOrEqual(4);
    expect(sample.perService.find(({ service }) => service === 'hung')).toMatchObject({
      byState: { LISTEN: 1, ESTAB: 4 },
      inbound: 4,
      outbound: 0,
    });
    expect(mine(sample)).toMatchObject({ inbound: 0, outbound: 4 });
  });

  it.each(['netlink', 'proc'] as const)(
    'counts who waits for a resolver, ourselves left out (%s)',
    async (means) => {
      const resolver = createSocket('udp4').bind(0, '127.0.0.1');
      await once(resolver, 'listening');
      const own = createSocket('udp4');
      open.push(() => {
        own.close();
        resolver.close();
      });
      const { port } = resolver.address();
      await new Promise<void>((done) => own.connect(port, '127.0.0.1', done));
      await child(
        `let n = 0; for (let i = 0; i < 5; i++) require('dgram').createSocket('udp4').connect(${port}, '127.0.0.1', () => ++n === 5 && console.log('ok'))`,
      );
      const sample = await census({ means, resolvers: [`127.0.0.1:${port}`] });
      expect(sample.dnsAskers).toContainEqual({ resolver: `127.0.0.1:${port}`, count: 5 });
    },
  );

  it('stands on systeminformation where nothing else works', async () => {
    const { dial } = await halfOpenServer();
    await dial(3);
    const sample = await census({ means: 'systeminformation' });
    expect(sample.means).toBe('systeminformation');
    expect(sample.total.LISTEN).toBeGreaterThanOrEqual(1);
    expect(sample.total.ESTAB).toBeGreaterThanOrEqual(6);
    expect(sample.missing.join()).toContain('listen queues');
  });

  it('is not begun when it is aborted', async () => {
    const abort = new AbortController();
    abort.abort(new Error('quit'));
    await expect(runProbe(createSocketsProbe(), abort.signal)).rejects.toThrow('quit');
  });
});
