// Makes a fresh clone runnable: installs what package-lock.json pins and builds, and does nothing when both are
// up to date. Runs on any Node from 18 on: it is what brings the right one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const quiet = process.argv.includes('--quiet');
const say = (text) => quiet || process.stderr.write(`faultline: ${text}\n`);

function run(command, args, what, mend) {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
  if (done.status === 0) return;
  process.stderr.write(
    `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error.message}\n` : ''}`,
  );
  process.stderr.write(`faultline: ${what} failed. ${mend}\n`);
  process.exit(1);
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function install() {
  const stampFile = join(root, 'node_modules', '.faultline-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (stampOf(stampFile) === wanted && existsSync(join(root, 'node_modules', '.bin', 'node'))) return;
  say('installing what package-lock.json pins (once, about 20 s) ...');
  run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci', 'Is the npm registry reachable? Try: npm ping');
  writeFileSync(stampFile, wanted);
}

/** A fingerprint of every source file's path, size and time: changes when a build is due. */
function fingerprint(folders) {
  const hash = createHash('sha256');
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else {
        const { mtimeMs, size } = statSync(path);
        hash.update(`${path}:${size}:${mtimeMs}\n`);
      }
    }
  };
  for (const folder of folders) walk(join(root, folder));
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs', 'docs/glossary.md'])
    hash.update(stampOf(join(root, file)));
  return hash.digest('hex');
}

function build() {
  const stampFile = join(root, 'dist', '.faultline-build');
  const wanted = fingerprint(['source', 'panels', 'scenarios']);
  if (stampOf(stampFile) === wanted) return;
  say('building ...');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const node = join(root, 'node_modules', '.bin', 'node');
  run(node, [join(root, 'scripts', 'build.mjs')], 'the build', 'The lines above say where.');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, wanted);
}

install();
build();
