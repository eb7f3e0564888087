import { existsSync, statSync } from 'node:fs';
import { asRoot } from '../../../linux/as-root.js';
import { groupName, hasPasswdEntry } from '../../../linux/user-database.js';
import type { Endpoint, Trouble, TroubleKind } from './endpoint.js';

interface Failure {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  readonly message?: string | undefined;
  readonly statusCode?: number | undefined;
  readonly json?: unknown;
  readonly cause?: unknown;
}

/** Codes of Node's TLS errors: what OpenSSL and the host name check say (nodejs.org/api/tls.html, X509 error codes). */
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO$|ERR_OSSL|INVALID_CA)/;

/** How a failure to talk to Docker is said to a person. Never throws; an unknown failure keeps its own words. */
export function explainFailure(error: unknown, endpoint: Endpoint): Trouble {
  const failure = (typeof error === 'object' && error !== null ? error : {}) as Failure;
  const [kind, what, mend] = judge(failure, endpoint);
  return { kind, endpoint: endpoint.address, what, mend };
}

type Judgement = readonly [kind: TroubleKind, what: string, mend: string];

function judge(failure: Failure, endpoint: Endpoint): Judgement {
  const code = failure.code ?? (failure.cause as Failure | undefined)?.code ?? '';
  if (failure.name === 'AbortError' || failure.name === 'TimeoutError' || code === 'ETIMEDOUT')
    return [
      'hung',
      'no answer in time: the daemon hangs or the way to it drops packets',
      restartWord(endpoint),
    ];
  if (code === 'SSH_FAILED') return ['ssh', failure.message ?? 'ssh failed', sshCommand(endpoint)];
  if (code === 'ENOENT' && endpoint.kind === 'unix')
    return [
      'missing',
      'there is no such socket: Docker is not installed or not running',
      startWord(endpoint),
    ];
  if (code === 'EACCES' || code === 'EPERM')
    return ['denied', 'permission denied: this user is not in the group of the socket', joinWord(endpoint)];
  if (code === 'ECONNREFUSED') {
    const mend =
      endpoint.kind === 'unix' ? startWord(endpoint) : 'sudo systemctl start docker   # On that host';
    return ['refused', refusedWord(endpoint), mend];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return ['name', `the name does not resolve (${code})`, `getent hosts ${hostOf(endpoint)}`];
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN')
    return ['unreachable', `no way to the host (${code})`, `ip route get ${hostOf(endpoint)}`];
  if (TLS_CODE.test(code)) return tls(code, failure, endpoint);
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return closed(endpoint);
  if (/^HPE_|INVALID_CONTENT/.test(code) || code === 'NOT_DOCKER')
    return [
      'not-docker',
      'something answers there that is not Docker',
      'docker context ls   # which address was meant?',
    ];
  if (failure.statusCode === 400 && String(failure.message).includes('HTTP request to an HTTPS server'))
    return [
      'tls',
      'the daemon wants TLS and this endpoint has none',
      'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/.docker',
    ];
  if (failure.statusCode === 401 || failure.statusCode === 403)
    return [
      'denied',
      `the daemon or its proxy forbids it (${failure.statusCode})`,
      `docker --host ${endpoint.address} version   # whoever runs the proxy of the socket may allow it`,
    ];
  const words = (failure.message ?? String(failure)).trim();
  return [
    'failed',
    words === '' ? 'it failed without a word' : words,
    `docker --host ${endpoint.address} version`,
  ];
}

function tls(code: string, failure: Failure, endpoint: Endpoint): Judgement {
  // Node adds advice on its own options behind a semicolon.
  const words = (failure.message ?? code).split(';')[0]?.trim() || code;
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return [
      'tls',
      `the other end does not speak TLS (${code})`,
      'unset DOCKER_TLS_VERIFY   # or use the TLS port: 2376',
    ];
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA/.test(code))
    return [
      'tls',
      `the daemon does not accept our certificate (${code})`,
      'openssl x509 -noout -subject -issuer -dates -in "$DOCKER_CERT_PATH/cert.pem"   # signed by whom the daemon trusts?',
    ];
  const where = endpoint.kind === 'tcp' ? `${endpoint.host}:${endpoint.port}` : endpoint.address;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return [
      'tls',
      `the daemon's certificate is for another name: ${words}`,
      `openssl s_client -connect ${where} </dev/null | openssl x509 -noout -ext subjectAltName   # names that it has`,
    ];
  return [
    'tls',
    `the daemon's certificate is not accepted: ${words}`,
    `openssl s_client -connect ${where} </dev/null   # ca.pem in DOCKER_CERT_PATH must have signed it`,
  ];
}

/** A plain request to a TLS port, and a daemon that ends, both close the connection without a word. */
function closed(endpoint: Endpoint): Judgement {
  if (endpoint.kind === 'tcp' && endpoint.tls === null && endpoint.port === 2376)
    return [
      'tls',
      'it closes the connection: port 2376 wants TLS',
      'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/.docker',
    ];
  return ['closed', 'the daemon closed the connection: it ended or restarts', statusWord(endpoint)];
}

const isLinux = process.platform === 'linux';

/** What starts the daemon of a socket. Of one that was asked for by name nobody knows who serves it. */
function startWord({ from }: Endpoint): string {
  if (from === 'DOCKER_HOST')
    return "unset DOCKER_HOST   # for docker's usual socket; or start what serves this one";
  if (from.startsWith('docker context'))
    return 'docker context use default   # or start what serves that socket';
  if (!isLinux) return 'open -a Docker   # starts Docker Desktop';
  return existsSync('/run/systemd/system')
    ? 'sudo systemctl start docker'
    : 'sudo service docker start   # with systemd: sudo systemctl start docker';
}

/** What lets this user at a socket: the group that it belongs to, or root where that is root's, or the user is in no list. */
function joinWord(endpoint: Endpoint): string {
  const group = endpoint.kind === 'unix' ? groupOf(endpoint.path) : undefined;
  if (group === 'root' || !hasPasswdEntry()) return asRoot();
  const join = group ?? 'docker';
  return `sudo usermod -aG ${join} "$USER" && newgrp ${join}`;
}

function groupOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && groupName(stat.gid);
}

const statusWord = (endpoint: Endpoint): string =>
  endpoint.kind === 'unix' && isLinux
    ? 'systemctl status docker'
    : `docker --host ${endpoint.address} version`;
const restartWord = (endpoint: Endpoint): string =>
  endpoint.kind === 'unix' && isLinux
    ? 'journalctl -u docker -n 50   # why; then: sudo systemctl restart docker'
    : `docker --host ${endpoint.address} version`;
const hostOf = (endpoint: Endpoint): string => (endpoint.kind === 'unix' ? 'localhost' : endpoint.host);
const refusedWord = (endpoint: Endpoint): string =>
  endpoint.kind === 'unix'
    ? 'the socket is there and nobody listens: Docker has stopped'
    : `nothing listens on ${endpoint.host} port ${endpoint.port}`;

/** The command that does by hand what we do. */
export function sshCommand(endpoint: Endpoint): string {
  if (endpoint.kind !== 'ssh') return 'ssh';
  const port = endpoint.port === null ? '' : `-p ${endpoint.port} `;
  return `ssh ${port}${endpoint.user === null ? '' : `${endpoint.user}@`}${endpoint.host} docker version`;
}
