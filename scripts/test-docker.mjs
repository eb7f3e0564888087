// Docker for the tests: the engine that answers here, else one that is installed and started for them and ended again.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inventory } from './docker-api.mjs';

const scripts = dirname(fileURLToPath(import.meta.url));
/** Outside the tests' own scratch folder: images are kept for the next run. */
const data = join(tmpdir(), 'faultline-docker');
const pidFile = join(data, 'dockerd.pid');

const engineMark = () => (existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : '');

function script(name, args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(scripts, name), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (code) => done({ ok: code === 0, said: said.trim() }));
  });
}

/**
 * Gets an engine and the images ready, which takes minutes on a machine that has neither. Resolves to why there is none,
 * or to null; with what was there before the tests, and a way to end what this began.
 */
export async function openDocker() {
  const mark = engineMark();
  const engine = await script('docker-engine.mjs', ['start', '--data', data]);
  const started = engineMark() !== mark;
  const images = engine.ok ? await script('docker-engine.mjs', ['images', '--data', data]) : engine;
  const before = await inventory();
  return {
    trouble: images.ok ? null : images.said.split('\n').slice(-6).join('\n'),
    leftBehind: async () => (await inventory()).filter((line) => !before.includes(line)),
    close: async () => {
      if (started) await script('docker-engine.mjs', ['stop', '--data', data]);
    },
  };
}
