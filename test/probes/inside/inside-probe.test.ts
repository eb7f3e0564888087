import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bindLibc } from '../../../source/linux/namespace/libc.js';
import { createInsideProbe } from '../../../source/probes/inside/inside-probe.js';
import { findWayIn } from '../../../source/probes/inside/means.js';
import { readSocketsInside } from '../../../source/probes/inside/read-sockets.js';
import type { InsideSample, InsideSockets } from '../../../source/probes/samples.js';
import { openPlace, type Place, whyNoPlaces, wire } from '../../linux/namespace/places.js';
import { runProbe } from '../run-probe.js';

const signal = new AbortController().signal;
const NOBODY = 65_534;
const program = fileURLToPath(new URL('../../linux/namespace/programs/look.mjs', import.meta.url));
const folder = fileURLToPath(
  new URL(`../../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/probes/inside`, import.meta.url),
);

describe.skipIf(whyNoPlaces())("one container's network", () => {
  let busy: Place;
  let idle: Place;

  beforeAll(async () => {
    const conf = `printf 'nameserver 192.0.2.53\\nsearch a.lab b.lab\\noptions ndots:5\\n' | mount_it`;
    const setUp = `mount_it() { mount -t tmpfs none /mnt && cat > /mnt/c && mount --bind /mnt/c /etc/resolv.conf; } && ${conf}`;
    [busy, idle] = await Promise.all([
      openPlace({ tcp: [{ port: 7070, address: '127.0.0.1', backlog: 13 }], hold: 4 }, setUp),
      openPlace(),
    ]);
    wire(busy, idle);
    busy.run('ip', 'link', 'set', 'wire', 'mtu', '1280');
    busy.run('ip', 'route', 'add', 'default', 'via', '10.213.7.2');
    busy.run('sh', '-c', 'echo 77 > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait');
    busy.run('iptables', '-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'INVALID', '-j', 'DROP');
  });
  afterAll(async () => {
    await Promise.all([busy?.close(), idle?.close()]);
  });

  const look = async (place: Place): Promise<InsideSample> => {
    const probe = createInsideProbe({ name: 'place', source: () => ({ name: 'place', pid: place.pid }) });
    try {
      return await runProbe(probe);
    } finally {
      probe.close?.();
    }
  };

  it("shows the inside's sockets and none of the outside's", async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { sockets, network, means, missing } = await look(busy);
      expect(means).toEqual({ by: 'setns', reason: null, mend: null });
      expect(missing).toEqual([]);
      expect(network).toBe(readlinkSync(`/proc/${busy.pid}/ns/net`));
      expect(sockets).toMatchObject({
        means: 'netlink sock_diag',
        total: { LISTEN: 1, ESTAB: 8, 'CLOSE-WAIT': 0 },
        listeners: [{ address: '127.0.0.1', port: 7070, queued: 0, backlog: 13 }],
      });
      expect(
        [...(sockets?.edges.list ?? [])].sort((a, b) => (a.direction < b.direction ? -1 : 1)),
      ).toMatchObject(
        ['in', 'out'].map((direction) => ({
          ...{ direction, peer: '127.0.0.1', port: 7070, states: { ESTAB: 4 } },
          synSent: { count: 0 },
          ...{ sent: null, opened: null, stalled: 0, sendQueue: 0, pathMtu: 65_535 },
        })),
      );
      for (const { rttMs } of sockets?.edges.list ?? []) expect(rttMs).toBeGreaterThan(0);
    } finally {
      server.close();
    }
  });

  it('agrees with the text of its table, and asks for none where there is no socket', async () => {
    const libc = await bindLibc();
    const byNetlink = await readSocketsInside({ pid: busy.pid, libc, signal });
    const byText = await readSocketsInside({ pid: busy.pid, libc: undefined, signal });
    expect(byText.means).toBe('/proc/<pid>/net/tcp');
    expect(byText.total).toEqual(byNetlink.total);
    const shown = (each: InsideSockets) =>
      each.edges.list.map(({ peer, port, direction, states }) => [peer, port, direction, states]);
    expect(shown(byText)).toEqual(shown(byNetlink));
    // What a table of text does not tell is unknown, not zero.
    expect(byText.edges.list[0]).toMatchObject({
      rttMs: null,
      sent: null,
      opened: null,
      stalled: null,
      pathMtu: null,
    });
    const none = await look(idle);
    expect(none.sockets).toMatchObject({ means: 'sockstat', total: { LISTEN: 0, ESTAB: 0 }, listeners: [] });
  });

  it('reads MTU, routes, resolver, C library, counters and the own timeouts of its tracker', async () => {
    const first = await look(busy);
    const { interfaces, routes, resolver, libc, conntrack, kernel } = first;
    expect(interfaces).toEqual([
      { name: 'lo', mtu: 65_536, up: true, running: true, loopback: true },
      { name: 'wire', mtu: 1280, up: true, running: true, loopback: false },
    ]);
    expect(routes?.filter(({ destination }) => destination === '0.0.0.0/0')).toMatchObject([
      { gateway: '10.213.7.2', interface: 'wire', reject: false },
    ]);
    expect(resolver).toMatchObject({ nameservers: ['192.0.2.53'], search: ['a.lab', 'b.lab'], ndots: 5 });
    expect(libc).toBe('glibc');
    expect(conntrack?.timeouts.tcp_timeout_close_wait).toBe(77);
    expect(conntrack?.max).toBeGreaterThan(0);
    expect(kernel?.counters['Tcp.PassiveOpens']).toBe(4);
    expect((await look(idle)).conntrack?.timeouts.tcp_timeout_close_wait).not.toBe(77);
    expect((await look(idle)).resolver?.nameservers).not.toEqual(['192.0.2.53']);
  });

  it('knows the MTU of a route, and what a router said of the way beyond', async () => {
    idle.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    idle.run('ip', 'link', 'add', 'narrow', 'type', 'bridge');
    idle.run('ip', 'link', 'set', 'narrow', 'mtu', '1000', 'up');
    idle.run('ip', 'addr', 'add', '10.99.0.1/24', 'dev', 'narrow');
    busy.run('ip', 'route', 'add', '192.0.2.0/25', 'via', '10.213.7.2', 'mtu', '1111');
    busy.run('ip', '-6', 'route', 'add', '2001:db8::/48', 'via', 'fd13::2', 'mtu', '1290');
    busy.run('bash', '-c', 'head -c 1200 /dev/zero > /dev/udp/10.99.0.2/9');
    const own = { learned: false, expiresSeconds: null };
    const wanted = [
      {
        family: 4,
        destination: '10.99.0.2/32',
        mtu: 1000,
        learned: true,
        expiresSeconds: expect.any(Number),
      },
      { family: 4, destination: '192.0.2.0/25', mtu: 1111, ...own },
      { family: 6, destination: '2001:db8::/48', mtu: 1290, ...own },
    ];
    // The router answers in its own time.
    await expect.poll(async () => (await look(busy)).routeMtus).toEqual(expect.arrayContaining(wanted));
    const found = (await look(busy)).routeMtus;
    expect(found).toHaveLength(3);
    expect(found?.find(({ learned }) => learned)?.expiresSeconds).toBeGreaterThan(100);
    expect((await look(idle)).routeMtus).toEqual([]);
  });

  it('sees a listen queue fill up', async () => {
    const full = await openPlace({ tcp: [{ port: 7071, address: '127.0.0.1', backlog: 2 }] });
    try {
      // Stopped, it accepts nothing: what connects stays in the queue.
      process.kill(full.pid, 'SIGSTOP');
      full.run('bash', '-c', 'for i in 1 2 3; do exec {fd}<>/dev/tcp/127.0.0.1/7071; done');
      expect((await look(full)).sockets?.listeners).toMatchObject([{ port: 7071, queued: 3, backlog: 2 }]);
    } finally {
      await full.close();
    }
  });

  it('reads the sockets again once anything moved, and not before', async () => {
    const probe = createInsideProbe({ name: 'place', source: () => ({ name: 'place', pid: busy.pid }) });
    const first = (await runProbe(probe)).sockets;
    expect((await runProbe(probe)).sockets?.total).toBe(first?.total);
    busy.run('bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/7070');
    // Both sides close in their own time; in the end the probe must have seen the last step.
    await vi.waitFor(async () => {
      const moved = (await runProbe(probe)).sockets;
      const counted = Object.values(moved?.total ?? {}).reduce((sum, count) => sum + count, 0);
      expect(moved).not.toBe(first);
      expect(counted).toBe(busy.run('ss', '-tanH').trim().split('\n').length);
    });
  });

  it('sees connections that came and went between two looks, and what they carried', async () => {
    const probe = createInsideProbe({ name: 'place', source: () => ({ name: 'place', pid: busy.pid }) });
    await runProbe(probe);
    try {
      busy.run(
        'bash',
        '-c',
        'for i in 1 2 3; do exec 3<>/dev/tcp/127.0.0.1/7070; echo hi >&3; exec 3>&-; done',
      );
      let opened = 0;
      let sent = 0;
      await vi.waitFor(async () => {
        const list = (await runProbe(probe)).sockets?.edges.list ?? [];
        const out = list.find(({ direction }) => direction === 'out');
        opened += out?.opened ?? 0;
        sent += out?.sent ?? 0;
        expect([opened, sent]).toEqual([3, 3]);
      });
    } finally {
      probe.close?.();
    }
  });

  it('leaves neither descriptors nor its own namespace: 200 looks', { timeout: 30_000 }, async () => {
    const home = readlinkSync('/proc/self/ns/net');
    // What stays open from look to look is opened at one of the first.
    for (let i = 0; i < 10; i++) await look(busy);
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 200; i++) await look(busy);
    // A few are closed a moment after their look; one that stays of each look would be 200.
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 20);
    expect(readlinkSync('/proc/self/ns/net')).toBe(home);
  });

  /** What a process with fewer rights than ours sees. */
  const lookAs = (command: string, words: string[], options: { uid?: number; gid?: number } = {}) => {
    const run = spawnSync(command, [...words, program, folder, String(busy.pid)], {
      encoding: 'utf8',
      ...options,
    });
    if (!run.stdout) throw new Error(run.stderr);
    return JSON.parse(run.stdout);
  };

  it('as another user it reads /proc/<pid>/net, and says what would grant more', () => {
    const { means, sample } = lookAs(process.execPath, [], { uid: NOBODY, gid: NOBODY });
    expect(means).toMatchObject({ by: '/proc/<pid>/net', mend: expect.stringMatching(/^sudo \S+ \S+$/) });
    expect(means.reason).toContain('CAP_SYS_PTRACE');
    expect(sample.sockets).toMatchObject({ means: '/proc/<pid>/net/tcp', total: { LISTEN: 1, ESTAB: 8 } });
    expect(sample.kernel.counters['Tcp.PassiveOpens']).toBeGreaterThanOrEqual(4);
    expect(sample.routes).not.toEqual([]);
    const { interfaces, conntrack, resolver, routeMtus } = sample;
    expect([interfaces, conntrack, resolver, routeMtus]).toEqual([null, null, null, null]);
    expect(sample.missing[0]).toContain('CAP_SYS_PTRACE');
  });

  it('as root without CAP_SYS_ADMIN it reads files of the inside too, and names the capability', () => {
    const bounds = ['--inh-caps=-sys_admin', '--bounding-set=-sys_admin', process.execPath];
    const { means, sample } = lookAs('setpriv', bounds);
    expect(means.by).toBe('/proc/<pid>/net');
    expect(means.reason).toContain('EPERM');
    expect(means.mend).toContain('--cap-add SYS_ADMIN');
    expect(sample.sockets).toMatchObject({ means: '/proc/<pid>/net/tcp', total: { LISTEN: 1, ESTAB: 8 } });
    expect(sample).toMatchObject({
      resolver: { nameservers: ['192.0.2.53'] },
      libc: 'glibc',
      conntrack: null,
    });
  });

  it('where koffi does not load it reads /proc/<pid>/net', async () => {
    const load = () => bindLibc(() => Promise.reject(new Error('no binary')));
    const { means } = await findWayIn({ name: 'place', pid: busy.pid }, load);
    expect(means).toMatchObject({ by: '/proc/<pid>/net', mend: 'npm rebuild koffi' });
  });

  it('is unavailable, with the reason, when nobody is there', async () => {
    const gone = await openPlace();
    await gone.close();
    await expect(look(gone)).rejects.toMatchObject({ kind: 'not-readable' });
    const stopped = createInsideProbe({ name: 'db', source: () => undefined });
    await expect(runProbe(stopped)).rejects.toMatchObject({
      kind: 'not-configured',
      message: 'db: it has no process that is seen from this host',
    });
  });
});

it('reads the network that everybody is in without entering any', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  try {
    const { sockets } = await runProbe(
      createInsideProbe({ name: 'own', source: () => ({ name: 'own', pid: process.pid }) }),
    );
    expect(sockets?.listeners.some((listener) => listener.port === port)).toBe(true);
  } finally {
    client.destroy();
    server.close();
  }
});
