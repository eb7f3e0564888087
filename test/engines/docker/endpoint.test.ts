import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Endpoint, Surroundings } from '../../../source/engines/docker/endpoint/endpoint.js';
import { explainFailure } from '../../../source/engines/docker/endpoint/explain-failure.js';
import { resolveEndpoint } from '../../../source/engines/docker/endpoint/resolve-endpoint.js';
import { sshArguments } from '../../../source/engines/docker/link/ssh/ssh-command.js';

function around(
  env: Record<string, string> = {},
  files: Record<string, string> = {},
  sockets: readonly string[] = [],
): Surroundings {
  return {
    env,
    home: '/home/ann',
    readFile: (path) => files[path],
    exists: (path) => sockets.includes(path),
  };
}

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');

function context(name: string, docker: object, tls: Record<string, string> = {}): Record<string, string> {
  const id = idOf(name);
  const files = {
    [`/home/ann/.docker/contexts/meta/${id}/meta.json`]: JSON.stringify({
      Name: name,
      Endpoints: { docker },
    }),
  };
  for (const [file, text] of Object.entries(tls))
    files[`/home/ann/.docker/contexts/tls/${id}/docker/${file}`] = text;
  return files;
}

const endpointOf = (surroundings: Surroundings, asked?: string): Endpoint => {
  const resolved = resolveEndpoint(surroundings, asked);
  if (!resolved.ok) throw new Error(resolved.trouble.what);
  return resolved.endpoint;
};
const troubleOf = (surroundings: Surroundings, asked?: string) => {
  const resolved = resolveEndpoint(surroundings, asked);
  if (resolved.ok) throw new Error(`no trouble: ${resolved.endpoint.address}`);
  return resolved.trouble;
};

describe('where Docker is', () => {
  it('is the system socket, else the rootless one, else the desktop one', () => {
    expect(endpointOf(around())).toMatchObject({
      kind: 'unix',
      path: '/var/run/docker.sock',
      from: 'the default',
    });
    const rootless = '/run/user/1000/docker.sock';
    const desktop = '/home/ann/.docker/run/docker.sock';
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(endpointOf(around(env, {}, [rootless, desktop]))).toMatchObject({ path: rootless });
    expect(endpointOf(around(env, {}, [desktop]))).toMatchObject({ path: desktop });
    expect(endpointOf(around(env, {}, ['/var/run/docker.sock', desktop]))).toMatchObject({
      path: '/var/run/docker.sock',
    });
  });

  it.each([
    [['/run/podman/podman.sock'], '/run/podman/podman.sock'],
    [['/run/user/1000/podman/podman.sock'], '/run/user/1000/podman/podman.sock'],
    [['/run/podman/podman.sock', '/run/user/1000/podman/podman.sock'], '/run/user/1000/podman/podman.sock'],
    [['/run/podman/podman.sock', '/var/run/docker.sock'], '/var/run/docker.sock'],
    [['/run/podman/podman.sock', '/run/user/1000/docker.sock'], '/run/user/1000/docker.sock'],
    [[], '/var/run/docker.sock'],
  ])('is Podman’s socket where there is none of Docker: of %j %s', (sockets, path) => {
    expect(endpointOf(around({ XDG_RUNTIME_DIR: '/run/user/1000' }, {}, sockets))).toMatchObject({ path });
  });

  it('follows DOCKER_HOST before DOCKER_CONTEXT before the current context', () => {
    const files = {
      ...context('lab', { Host: 'unix:///lab.sock' }),
      ...context('prod', { Host: 'ssh://deploy@prod:2222' }),
      '/home/ann/.docker/config.json': '{"currentContext":"lab"}',
    };
    expect(endpointOf(around({}, files))).toMatchObject({ path: '/lab.sock', from: 'docker context "lab"' });
    expect(endpointOf(around({ DOCKER_CONTEXT: 'prod' }, files))).toMatchObject({
      kind: 'ssh',
      host: 'prod',
      user: 'deploy',
      port: 2222,
    });
    expect(endpointOf(around({ DOCKER_CONTEXT: 'default' }, files)).from).toBe('the default');
    const env = { DOCKER_CONTEXT: 'prod', DOCKER_HOST: 'tcp://10.0.0.1' };
    expect(endpointOf(around(env, files))).toMatchObject({
      kind: 'tcp',
      host: '10.0.0.1',
      port: 2375,
      tls: null,
    });
    expect(endpointOf(around(env, files), 'unix:///x.sock')).toMatchObject({ path: '/x.sock' });
  });

  it('reads the certificates of the environment and of a context', () => {
    const files = { '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT', '/certs/key.pem': 'KEY' };
    const env = { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
    expect(endpointOf(around(env, files))).toMatchObject({
      port: 2376,
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true },
    });
    const remote = context('r', { Host: 'tcp://h:1234', SkipTLSVerify: true }, { 'ca.pem': 'A' });
    expect(endpointOf(around({ DOCKER_CONTEXT: 'r' }, remote))).toMatchObject({
      port: 1234,
      tls: { ca: 'A', verify: false },
    });
  });

  const TLS = { DOCKER_HOST: 'tcp://h:2399', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
  const PEMS = { '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT', '/certs/key.pem': 'KEY' };
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(PEMS).filter(([path]) => !names.some((name) => path.endsWith(name))));

  it.each([
    ['nothing at its place', TLS, {}, '/certs/ca.pem'],
    ['no authority', TLS, without('ca.pem'), '/certs/ca.pem'],
    ['a certificate without its key', TLS, without('key.pem'), '/certs/key.pem'],
    ['a key without its certificate', TLS, without('cert.pem'), '/certs/cert.pem'],
    ['no path: the usual folder', { ...TLS, DOCKER_CERT_PATH: '' }, {}, '/home/ann/.docker/ca.pem'],
    [
      'an unverified daemon, half a pair',
      { ...TLS, DOCKER_TLS_VERIFY: '', DOCKER_TLS: '1' },
      without('key.pem'),
      '/certs/key.pem',
    ],
  ])('with TLS asked for and %s says which file cannot be read', (_, env, files, file) => {
    expect(troubleOf(around(env, files))).toMatchObject({
      kind: 'tls',
      what: `cannot read ${file}`,
      mend: expect.stringContaining('unset DOCKER_TLS_VERIFY'),
    });
  });

  it.each([
    ['no TLS is asked for', { ...TLS, DOCKER_TLS_VERIFY: '' }, { kind: 'tcp', port: 2399, tls: null }],
    ['the daemon is a socket', { ...TLS, DOCKER_HOST: 'unix:///x.sock' }, { kind: 'unix', path: '/x.sock' }],
    ['the daemon is behind ssh', { ...TLS, DOCKER_HOST: 'ssh://h' }, { kind: 'ssh', host: 'h' }],
    [
      'an unverified daemon needs no file',
      { ...TLS, DOCKER_TLS_VERIFY: '', DOCKER_TLS: '1' },
      { tls: { verify: false } },
    ],
  ])('does not look for a DOCKER_CERT_PATH that is left over: %s', (_, env, expected) => {
    expect(endpointOf(around(env, {}))).toMatchObject(expected);
  });

  it.each([
    ['10.1.1.1:99', { kind: 'tcp', host: '10.1.1.1', port: 99, address: 'tcp://10.1.1.1:99' }],
    ['tcp://[::1]:80', { host: '::1', port: 80 }],
    ['tcp://h:21', { host: 'h', port: 21 }],
    ['https://h', { port: 2376, tls: { verify: true } }],
    ['ssh://h', { kind: 'ssh', user: null, port: null, path: null }],
    ['ssh://h/run/user/1000/docker.sock', { kind: 'ssh', path: '/run/user/1000/docker.sock' }],
    ['tcp://ann:secret@h:1', { host: 'h', address: 'tcp://h:1' }],
  ])('reads %s', (host, expected) => {
    expect(endpointOf(around({ DOCKER_HOST: host }))).toMatchObject(expected);
  });

  it.each([
    'unix://relative',
    'npipe:////./pipe/docker_engine',
    'tcp://',
    'gopher://h',
    'tcp://h:99999',
    'ssh://-oProxyCommand=evil',
    'ssh://-oProxyCommand=evil@h',
    'ssh://ann:secret@h',
    ' ',
  ])('refuses %s, with what mends it and without a password', (host) => {
    const trouble = troubleOf(around({ DOCKER_HOST: host }));
    expect(trouble).toMatchObject({ kind: 'setting', mend: expect.stringContaining('unset DOCKER_HOST') });
    expect(JSON.stringify(trouble)).not.toContain('secret');
  });

  it('does not take another daemon for a context that is not there', () => {
    expect(troubleOf(around({ DOCKER_CONTEXT: 'gone' })).mend).toContain('unset DOCKER_CONTEXT');
    const files = { '/home/ann/.docker/config.json': '{"currentContext":"gone"}' };
    expect(troubleOf(around({}, files))).toMatchObject({ endpoint: 'docker context "gone"' });
    for (const text of ['', '[]', 'null', '{"currentContext":7}', '{"currentContext":'])
      expect(endpointOf(around({}, { '/home/ann/.docker/config.json': text })).from).toBe('the default');
  });

  it('hands ssh its arguments apart, the host never as an option', () => {
    const endpoint = endpointOf(around({ DOCKER_HOST: 'ssh://deploy@prod:2222' }));
    const args = sshArguments(endpoint as Extract<Endpoint, { kind: 'ssh' }>, []);
    expect(args.slice(-6)).toEqual(['-l', 'deploy', '-p', '2222', '--', 'prod']);
    expect(args).toContain('BatchMode=yes');
  });
});

describe('why Docker cannot be reached', () => {
  const unix = endpointOf(around());
  const tcp = endpointOf(around({ DOCKER_HOST: 'tcp://build.example:2376' }));
  const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

  it.each([
    ['ENOENT', unix, 'missing', /systemctl start docker|Docker Desktop/],
    ['EACCES', unix, 'denied', /^sudo usermod -aG \w+ "\$USER" && newgrp \w+$|^sudo \S+|--privileged/],
    ['ECONNREFUSED', unix, 'refused', /systemctl start docker|Docker Desktop/],
    ['ECONNREFUSED', tcp, 'refused', /On that host/],
    ['ENOTFOUND', tcp, 'name', /getent hosts build.example/],
    ['EHOSTUNREACH', tcp, 'unreachable', /ip route get build.example/],
    ['ETIMEDOUT', tcp, 'hung', /docker --host tcp:\/\/build.example:2376 version/],
    ['ECONNRESET', tcp, 'tls', /DOCKER_TLS_VERIFY=1/],
    ['ECONNRESET', unix, 'closed', /docker/],
    ['SELF_SIGNED_CERT_IN_CHAIN', tcp, 'tls', /openssl s_client -connect build.example:2376/],
    ['EPROTO', tcp, 'tls', /unset DOCKER_TLS_VERIFY/],
    ['HPE_INVALID_CONSTANT', tcp, 'not-docker', /docker context ls/],
  ] as const)('%s', (code, endpoint, kind, mend) => {
    expect(explainFailure(coded(code), endpoint)).toMatchObject({
      kind,
      endpoint: endpoint.address,
      mend: expect.stringMatching(mend),
    });
  });

  it('keeps the words of what it does not know', () => {
    expect(explainFailure(new Error('odd'), unix).what).toBe('odd');
    for (const thrown of [undefined, null, 'text', 7, {}])
      expect(explainFailure(thrown, unix).kind).toBe('failed');
  });
});
