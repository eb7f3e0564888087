// Builds dist/: what tsc makes of the sources, and beside it the files that the program reads as they are (programs
// and configuration of the lab's containers).
//
//   node scripts/build.mjs [FOLDER]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = resolve(process.argv[2] ?? join(root, 'dist'));
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const done = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', target], {
  cwd: root,
  stdio: 'inherit',
});
if (done.status !== 0) process.exit(done.status ?? 1);

function copyData(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '__pycache__') copyData(path);
    } else if (!/\.tsx?$/.test(entry.name)) {
      mkdirSync(join(target, folder), { recursive: true });
      copyFileSync(join(root, path), join(target, path));
    }
  }
}

for (const folder of ['source', 'panels', 'scenarios']) copyData(folder);
// `faultline explain` reads it.
mkdirSync(join(target, 'docs'), { recursive: true });
copyFileSync(join(root, 'docs', 'glossary.md'), join(target, 'docs', 'glossary.md'));
