import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../../linux/home-folder.js';
import { configFolder, currentContext, readContext, readTls } from './docker-context.js';
import { BY_DEFAULT, type Resolved, type Surroundings, type TlsMaterial } from './endpoint.js';
import { parseHost } from './parse-host.js';

export const DEFAULT_SOCKET = '/var/run/docker.sock';

/** The environment and files of this process. */
export const realSurroundings: Surroundings = {
  env: process.env,
  home: homeFolder(),
  readFile: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  exists: existsSync,
};

/**
 * Where Docker is, by the order of the docker command: what was asked for, DOCKER_HOST, DOCKER_CONTEXT, the current
 * context of config.json, the default socket (docker/cli cli/command/cli.go, resolveContextName). Pure but for what
 * `around` reads; a setting that leads nowhere is a trouble, never a silent default.
 */
export function resolveEndpoint(around: Surroundings, asked?: string): Resolved {
  if (asked) return withEnvironmentTls(asked, 'as asked', around);
  const { env } = around;
  if (env.DOCKER_HOST) return withEnvironmentTls(env.DOCKER_HOST, 'DOCKER_HOST', around);
  const name = env.DOCKER_CONTEXT || currentContext(around);
  if (name !== undefined && name !== 'default') {
    const from = `docker context "${name}"`;
    const context = readContext(name, around);
    if (context !== undefined) return parseHost(context.host, from, context.tls);
    const mend = env.DOCKER_CONTEXT ? 'unset DOCKER_CONTEXT' : 'docker context use default';
    return {
      ok: false,
      trouble: {
        kind: 'setting',
        endpoint: from,
        what: 'there is no such context, or it names no host',
        mend: `${mend}   # the default one; docker context ls shows what there is`,
      },
    };
  }
  return parseHost(`unix://${defaultSocket(around)}`, BY_DEFAULT, null);
}

/**
 * The system's socket, else the one of rootless Docker, else Docker Desktop's, else Podman's (its own that of a user
 * first, podman-system-service(1)); the system's where none is there.
 */
function defaultSocket({ env, home, exists }: Surroundings): string {
  const places = [
    DEFAULT_SOCKET,
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(home, '.docker', 'run', 'docker.sock'),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'podman', 'podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  return places.find(exists) ?? DEFAULT_SOCKET;
}

/**
 * TLS as the environment asks for it, for TCP alone: any value of DOCKER_TLS_VERIFY counts, as with the docker command.
 * Without it and DOCKER_TLS nobody looks at DOCKER_CERT_PATH, which may be left over from another daemon.
 */
function withEnvironmentTls(host: string, from: string, around: Surroundings): Resolved {
  const { DOCKER_TLS_VERIFY, DOCKER_TLS, DOCKER_CERT_PATH } = around.env;
  if (!DOCKER_TLS_VERIFY && !DOCKER_TLS) return parseHost(host, from, null);
  const folder = DOCKER_CERT_PATH || configFolder(around);
  const tls = readTls(folder, around, Boolean(DOCKER_TLS_VERIFY));
  const resolved = parseHost(host, from, tls);
  const missing = missingFile(tls);
  if (missing === null || !resolved.ok || resolved.endpoint.kind !== 'tcp') return resolved;
  return {
    ok: false,
    trouble: {
      kind: 'tls',
      endpoint: resolved.endpoint.address,
      what: `cannot read ${join(folder, missing)}`,
      mend: 'unset DOCKER_TLS_VERIFY DOCKER_TLS   # of a daemon without TLS; else DOCKER_CERT_PATH is the folder of ca.pem, cert.pem and key.pem',
    },
  };
}

/** What TLS cannot do without: the authority that the daemon is checked by, and of cert.pem and key.pem both or none. */
function missingFile({ ca, cert, key, verify }: TlsMaterial): string | null {
  if (verify && ca === undefined) return 'ca.pem';
  if ((cert === undefined) === (key === undefined)) return null;
  return cert === undefined ? 'cert.pem' : 'key.pem';
}
