import type { Container } from 'dockerode';
import { frameReader } from '../../engines/docker/logs/log-frames.js';

/** The last lines of a container's log, at most `count`, without blanks around them. Rejects with the daemon's words. */
export async function lastLines(container: Container, count: number): Promise<readonly string[]> {
  const output = await container.logs({ stdout: true, stderr: true, tail: count });
  const lines: string[] = [];
  frameReader((_stream, bytes) => lines.push(bytes.toString('utf8').trim()))(output);
  return lines;
}
