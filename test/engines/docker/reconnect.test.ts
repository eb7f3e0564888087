import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import type { Endpoint, TlsMaterial } from '../../../source/engines/docker/endpoint/endpoint.js';
import type { Availability } from '../../../source/engines/docker/link/availability.js';
import { until } from '../../helpers/until.js';
import { connected, dockerOf, importShell, notRun, OwnDaemon, whyNoDaemon } from './real-docker.js';

const reason = whyNoDaemon();
if (reason !== null)
  describe('a daemon that goes away', () => notRun('tests with a daemon of our own', reason));

describe.runIf(reason === null)('a daemon that goes away', () => {
  let daemon: OwnDaemon;
  let engine: DockerEngine;
  const told: Availability[] = [];

  beforeAll(async () => {
    daemon = new OwnDaemon();
    await daemon.start();
    engine = await connected({ host: daemon.host });
    engine.onAvailability((availability) => told.push(availability));
    await importShell(dockerOf(engine), 'shell:1');
    const Cmd = ['/bin/dash', '-c', 'trap "exit 0" TERM; while :; do echo tick; sleep 0.2; done'];
    await dockerOf(engine).createContainer({ name: 'web', Image: 'shell:1', Cmd, NetworkDisabled: true });
    await until('it is listed', () => engine.list().length === 1);
    await engine.start('web');
  });

  afterAll(async () => {
    await engine.close();
    await daemon.remove();
  });

  const web = () => engine.list().find(({ name }) => name === 'web');
  const isBack = (): boolean => engine.availability.state === 'available';

  it('is missed at once, with the reason, and found again', async () => {
    const release = engine.follow('web');
    await until('it is followed', () => engine.logs('web').length > 0);
    await daemon.stop();
    await until('it is missed', () => engine.availability.state === 'unavailable');
    expect(web()?.state).toBe('unknown');
    await until('the reason is that nobody is there', () => {
      const { availability } = engine;
      return (
        availability.state === 'unavailable' && ['missing', 'refused'].includes(availability.trouble.kind)
      );
    });
    await expect(engine.start('web')).rejects.toThrow(
      /web: cannot start it\. Docker at unix:.*systemctl start docker/,
    );
    expect(engine.logs('web').length).toBeGreaterThan(0);
    await daemon.start();
    await until('it is found again', isBack, 30_000);
    expect(engine.availability).toMatchObject({ state: 'available', reconnects: 1 });
    expect(web()).toMatchObject({ state: 'exited', lastExit: { code: 0 } });
    const before = engine.logs('web').length;
    await engine.start('web');
    expect(web()?.state).toBe('running');
    await until('it is followed again', () => engine.logs('web').length > before + 1);
    release();
  });

  it('is hung: that is said, and it is found again when it goes on', async () => {
    told.length = 0;
    daemon.signal('SIGSTOP');
    try {
      await until('it is hung', () => engine.availability.state === 'unavailable', 20_000);
      expect(engine.availability).toMatchObject({
        trouble: { kind: 'hung', mend: expect.stringContaining('systemctl restart docker') },
      });
      await expect(engine.kill('web')).rejects.toThrow(/no answer in time/);
    } finally {
      daemon.signal('SIGCONT');
    }
    await until('it is found again', isBack, 20_000);
    expect(web()?.state).toBe('running');
    expect(told.map(({ state }) => state)).toEqual(['unavailable', 'available']);
  });

  it.runIf(spawnSync('docker', ['--version']).status === 0)(
    'is asked over ssh, by the ssh program, where that forwards nothing',
    async () => {
      const program = join(daemon.folder, 'ssh');
      writeFileSync(
        program,
        `#!/bin/sh\nwhile [ "$1" != -- ]; do [ "$1" != -L ] || exit 1; shift; done; shift 2\nDOCKER_HOST=${daemon.host} exec "$@"\n`,
      );
      chmodSync(program, 0o755);
      const { PATH } = process.env;
      process.env.PATH = `${daemon.folder}:${PATH}`;
      try {
        const far = await connected({ host: 'ssh://ann@far' });
        expect(far.availability).toMatchObject({ state: 'available', endpoint: 'ssh://ann@far' });
        expect(far.list().map(({ name }) => name)).toEqual(['web']);
        await far.pause('web');
        await until('both see it', () => web()?.state === 'paused');
        await far.unpause('web');
        await far.close();
      } finally {
        process.env.PATH = PATH;
      }
    },
  );

  it.runIf(spawnSync('openssl', ['version']).status === 0)(
    'is asked over TLS, and its certificate is checked',
    async () => {
      const certs = makeCertificates(daemon.folder);
      const server = createServer({ ...certs.server, ca: certs.ca, requestCert: true }, (socket) => {
        const far = connectSocket(daemon.host.slice('unix://'.length));
        socket.on('error', () => far.destroy()).pipe(far);
        far.on('error', () => socket.destroy()).pipe(socket);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const ask = async (host: string, tls: TlsMaterial | null) => {
        const endpoint: Endpoint = {
          kind: 'tcp',
          host,
          port,
          tls,
          address: `tcp://${host}:${port}`,
          from: 'test',
        };
        const far = new DockerEngine({ resolve: () => ({ ok: true, endpoint }) });
        const verdict = await far.settled();
        const names = far.list().map(({ name }) => name);
        await far.close();
        return { verdict, names };
      };
      const because = (kind: string, mend: RegExp) => ({
        verdict: { state: 'unavailable', trouble: { kind, mend: expect.stringMatching(mend) } },
      });
      try {
        const good = { ca: certs.ca, ...certs.client, verify: true };
        expect(await ask('127.0.0.1', good)).toMatchObject({
          verdict: { state: 'available' },
          names: ['web'],
        });
        expect(await ask('localhost', good)).toMatchObject(because('tls', /names that it has/));
        expect(await ask('127.0.0.1', { ...good, ca: certs.client.cert })).toMatchObject(
          because('tls', /ca.pem/),
        );
        expect(await ask('127.0.0.1', { ca: certs.ca, verify: true })).toMatchObject(
          because('tls', /cert.pem/),
        );
        expect(await ask('127.0.0.1', null)).toMatchObject({ verdict: { state: 'unavailable' } });
      } finally {
        server.close();
      }
    },
  );
});

/** A certificate authority, and a server's and a client's certificate by it, for 127.0.0.1. */
function makeCertificates(folder: string) {
  const openssl = (...args: string[]): void => {
    const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  writeFileSync(join(folder, 'ext'), 'subjectAltName=IP:127.0.0.1\n');
  const issue = (name: string) => {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'ext'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  return { ca: read('ca.pem'), server: issue('server'), client: issue('client') };
}
