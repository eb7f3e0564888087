import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;
let dev: ChildProcess;
let said = '';
const waiting = new Set<() => void>();

/** Resolves once `npm run dev` has said it, after what was said at the call before. */
function untilSaid(text: string): Promise<void> {
  return new Promise((done) => {
    const look = (): void => {
      const at = said.indexOf(text);
      if (at < 0) return;
      said = said.slice(at + text.length);
      waiting.delete(look);
      done();
    };
    waiting.add(look);
    look();
  });
}

/** A copy of what is built: these tests change it. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'faultline-dev-'));
  for (const part of ['source', 'panels', 'scenarios', 'scripts', 'docs', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  for (const part of ['tsconfig.json', 'tsconfig.build.json']) cpSync(join(root, part), join(copy, part));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  dev = spawn(process.execPath, [join(copy, 'scripts/dev.mjs'), 'explain', 'MTTR'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [dev.stdout, dev.stderr])
    stream?.on('data', (chunk) => {
      said += chunk;
      for (const look of waiting) look();
    });
});

afterAll(() => {
  dev.kill('SIGKILL');
  rmSync(copy, { recursive: true, force: true });
});

describe('npm run dev', () => {
  it('builds and runs the command, and again when a data file changes', async () => {
    await untilSaid('mean time to recovery');
    await untilSaid('ended with 0; a change runs it again');
    appendFileSync(join(copy, 'docs/glossary.md'), '- **zz top** — A word of this test.\n');
    await untilSaid('mean time to recovery');
    await untilSaid('ended with 0');
  });

  it('shows what the compiler says, and goes on when it is mended', async () => {
    const file = join(copy, 'source/clock-of-this-test.ts');
    writeFileSync(file, "export const wrong: number = 'a text';\n");
    await untilSaid('the build failed');
    await untilSaid('TS2322');
    writeFileSync(file, 'export const right = 1;\n');
    await untilSaid('mean time to recovery');
    await untilSaid('ended with 0');
  });

  it('ends when it is told to', async () => {
    const ended = new Promise((done) => dev.on('close', done));
    dev.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});
