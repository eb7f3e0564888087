import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { followImage } from '../image-stream.js';

/** The image that debootstrap makes. */
export const MADE_BASE = 'faultline/base:bookworm';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

export interface DebootstrapOptions {
  /** "making Debian bookworm: Unpacking libc6". */
  readonly progress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Why debootstrap cannot make a Debian here, with the command that mends it; null when it can. */
export function whyNoDebootstrap(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux';
  const there = ['/usr/sbin/debootstrap', '/usr/bin/debootstrap'].some((path) => existsSync(path));
  if (!there) return 'it is not installed: sudo apt-get install debootstrap';
  return process.getuid?.() === 0 ? null : 'it needs root: run this command once with sudo';
}

/**
 * Debian's smallest system as a tar in this folder, made when it is not there yet (about a minute, 150 MB). The mirror
 * is FAULTLINE_DEBIAN_MIRROR, else deb.debian.org. Rejects with the last line of what failed.
 */
export async function debootstrapTar(folder: string, options: DebootstrapOptions = {}): Promise<string> {
  const tar = join(folder, 'base-bookworm.tar');
  if (existsSync(tar)) return tar;
  const why = whyNoDebootstrap();
  if (why !== null) throw new Error(why);
  const system = join(folder, 'base-bookworm');
  await rm(system, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const mirror = process.env.FAULTLINE_DEBIAN_MIRROR ?? DEFAULT_MIRROR;
  try {
    await run('nice', ['debootstrap', '--variant=minbase', 'bookworm', system, mirror], options);
    const archives = join(system, 'var/cache/apt/archives');
    await rm(archives, { recursive: true, force: true });
    await mkdir(join(archives, 'partial'), { recursive: true });
    await run('tar', ['-C', system, '--numeric-owner', '-cf', `${tar}.part`, '.'], options);
    await rename(`${tar}.part`, tar);
  } finally {
    await rm(system, { recursive: true, force: true });
    await rm(`${tar}.part`, { force: true });
  }
  return tar;
}

/** Makes the image of such a tar. */
export async function importBase(docker: Docker, tar: string): Promise<void> {
  const [repo, tag] = MADE_BASE.split(':');
  const changes = ['CMD ["bash"]', 'LABEL faultline.image=base'];
  const options = { repo, tag, message: 'debootstrap minbase bookworm', changes };
  const answer = await docker.importImage(createReadStream(tar), options);
  await followImage(answer);
}

async function run(program: string, args: readonly string[], options: DebootstrapOptions): Promise<void> {
  const { progress, signal } = options;
  const child = execa(program, args, {
    stdin: 'ignore',
    all: true,
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  let last = '';
  for await (const line of child.iterable({ from: 'all' })) {
    last = line;
    progress?.(`making Debian bookworm: ${line.replace(/^[A-Z]: /, '').slice(0, 80)}`);
  }
  const { failed, exitCode } = await child;
  signal?.throwIfAborted();
  if (failed) throw new Error(`${program} ended with ${exitCode ?? 'no code'}: ${last}`);
}
