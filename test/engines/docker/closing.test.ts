import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { withDeadline } from '../../../source/engines/docker/link/deadline.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-closing-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('ends when it is closed in the middle of an answer', async () => {
  const socket = join(folder, 'docker.sock');
  let engine: DockerEngine | undefined;
  const half = new Promise<void>((begun) => {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      answer.write('{"ApiVersion": ', () => begun());
    });
    server.listen(socket, () => {
      engine = new DockerEngine({ host: `unix://${socket}` });
    });
    server.unref();
  });
  await half;
  await engine?.close();
  expect(engine?.availability.state).toBe('connecting');
});

it('a deadline ends what does not heed it', async () => {
  const never = withDeadline(10, () => new Promise<never>(() => {}));
  await expect(never).rejects.toMatchObject({ name: 'AbortError' });
  expect(await withDeadline(1_000, async () => 'in time')).toBe('in time');
});
