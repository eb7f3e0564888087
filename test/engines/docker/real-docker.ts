import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { it } from 'vitest';
import { DockerEngine, type DockerEngineOptions } from '../../../source/engines/docker/docker-engine.js';
import { troubleText } from '../../../source/engines/docker/endpoint/endpoint.js';
import { until } from '../../helpers/until.js';

/** Where this is set a test that cannot run is a failure. */
const required = process.env.FAULTLINE_REQUIRE_DOCKER === '1';

/** Says loudly why tests do not run; throws where they must. */
export function notRun(what: string, reason: string): void {
  if (required) throw new Error(`${what} must run here and cannot: ${reason}`);
  process.stderr.write(`\n!! NOT RUN: ${what}: ${reason}\n\n`);
  it.skip(`NOT RUN: ${reason}`, () => {});
}

/** Why no Docker answers here, or null when one does. */
export async function whyNoDocker(): Promise<string | null> {
  const engine = new DockerEngine();
  try {
    const verdict = await engine.settled();
    if (verdict.state === 'unavailable') return troubleText(verdict.trouble);
    return existsSync('/bin/dash') ? null : 'there is no /bin/dash to make an image of';
  } finally {
    await engine.close();
  }
}

/** Why no Docker daemon of our own can be run here, or null when one can. */
export function whyNoDaemon(): string | null {
  if (process.platform !== 'linux') return 'a daemon of our own needs Linux';
  if (process.getuid?.() !== 0) return 'a daemon of our own needs root';
  if (!existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/dockerd')) return 'dockerd is not installed';
  return null;
}

export async function connected(options: DockerEngineOptions = {}): Promise<DockerEngine> {
  const engine = new DockerEngine({ heartbeatMs: 500, ...options });
  await until('the daemon answers', () => engine.availability.state === 'available');
  return engine;
}

export function dockerOf(engine: DockerEngine): Docker {
  if (engine.docker === null) throw new Error('Docker is not available');
  return engine.docker;
}

/** An image of a shell and sleep, 3 MB: needs no registry and is imported in a moment. */
export async function importShell(docker: Docker, image: string, ...changes: string[]): Promise<void> {
  const programs = ['/bin/dash', '/bin/sleep'];
  const libraries = programs.flatMap((program) =>
    [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(
      (match) => match[1] as string,
    ),
  );
  const files = [...new Set([...programs, ...libraries])].map((path) => path.slice(1));
  const tar = execFileSync('tar', ['-C', '/', '-chf', '-', ...files], { maxBuffer: 64 * 1024 * 1024 });
  const [repo, tag] = image.split(':');
  const answer = await docker.importImage(Readable.from([tar]), { repo, tag, changes } as never);
  await new Promise((resolve) => docker.modem.followProgress(answer as never, resolve));
}

/**
 * A daemon that shares nothing with the machine's own: its data, sockets and containerd are in one folder, and it lives
 * in a network namespace of its own (with `--bridge none` a second daemon deletes the first one's docker0: measured).
 */
export class OwnDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'faultline-dockerd-'));
  readonly host = `unix://${this.folder}/docker.sock`;
  #child: ReturnType<typeof spawn> | null = null;

  /** `loopback`: its namespace gets 127.0.0.1, which a swarm of its own is advertised on. */
  async start({ loopback = false } = {}): Promise<void> {
    const at = (name: string): string => join(this.folder, name);
    const args = [
      ...['--host', this.host, '--data-root', at('lib'), '--exec-root', at('run'), '--pidfile', at('pid')],
      ...['--bridge', 'none', '--iptables=false', '--ip-forward=false', '--log-level', 'error'],
    ];
    const up = loopback ? ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] : [];
    const child = spawn('unshare', ['--net', ...up, 'dockerd', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(at('log'), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => log.end());
    this.#child = child;
    await until(
      'dockerd made its socket',
      () => existsSync(at('docker.sock')) || child.exitCode !== null,
      30_000,
    );
    if (child.exitCode !== null)
      throw new Error(`dockerd ended: ${readFileSync(at('log'), 'utf8').slice(-500)}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
