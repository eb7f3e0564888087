import { execFileSync } from 'node:child_process';

const BASE = 'faultline/base:bookworm';
/** Containers end by themselves after so long (seconds), whatever becomes of the test. */
const LIFE = 600;

export const docker = (...words: string[]): string =>
  execFileSync('docker', words, { encoding: 'utf8', stdio: 'pipe' }).trim();

/** Why there are no containers here, or undefined. Said aloud, so that a skip is seen. */
export function whyNoContainers(): string | undefined {
  try {
    docker('image', 'inspect', BASE);
    return undefined;
  } catch (error) {
    if (process.env.FAULTLINE_REQUIRE_DOCKER === '1') throw error;
    const why = `no Docker, or no image ${BASE} (node scripts/docker-engine.mjs images): ${(error as Error).message}`;
    console.warn(`SKIPPED: ${why.split('\n')[0]}`);
    return why;
  }
}

export interface Container {
  readonly name: string;
  readonly pid: number;
  readonly address: string;
}

/** Starts a container that runs a line of Perl, which the base has and a container without a shell can have. */
export function startContainer(name: string, perl: string, network: string, image = BASE): Container {
  docker(
    'run',
    '-d',
    '--rm',
    '--name',
    name,
    '--network',
    network,
    image,
    'perl',
    '-e',
    `alarm ${LIFE}; ${perl}`,
  );
  const format = '{{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const [pid = '', address = ''] = docker('inspect', '-f', format, name).split(' ');
  return { name, pid: Number(pid), address };
}

/** An image with Perl, the libraries it needs, and nothing else: no shell, no files of a system. */
export function importShellless(tag: string): void {
  const script = `
    files=$(ldd /usr/bin/perl | grep -o '/[^ ]*')
    tar -chP --transform 's,^/,,' /usr/bin/perl $files | docker import - "$0"`;
  execFileSync('bash', ['-ec', script, tag], { stdio: 'pipe' });
}
