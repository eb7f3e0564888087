import type Docker from 'dockerode';

/** Read by the application for each request and by the forwarder for each query; part of the container's own files. */
const FOLDER = '/var/lib/faultline';
const FILE = 'hardening';

/** Writes which switches are on into a container, running or not. Rejects with the daemon's words. */
export async function writeSwitches(docker: Docker, container: string, on: Iterable<string>): Promise<void> {
  const archive = tarOf(FILE, Buffer.from(`${[...on].join('\n')}\n`), Date.now());
  await docker.getContainer(container).putArchive(archive, { path: FOLDER });
}

const BLOCK = 512;

/** A tar archive (POSIX ustar) of one small file that anyone may read; `at` is wall-clock ms. */
export function tarOf(name: string, content: Buffer, at: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number, offset: number): void =>
    void header.write(`${value.toString(8).padStart(digits, '0')}\0`, offset, 'ascii');
  header.write(name, 0, 100, 'ascii');
  octal(0o644, 7, 100);
  octal(0, 7, 108);
  octal(0, 7, 116);
  octal(content.length, 11, 124);
  octal(Math.floor(at / 1000), 11, 136);
  header.write('        0', 148, 'ascii');
  header.write('ustar\x0000', 257, 'ascii');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}
