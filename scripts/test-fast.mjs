// The pure tests alone, on what is in the sources right now: no set-up, no lint, no build. Files share their workers,
// which saves a third of the time; `npm test` gives each its own. Arguments go to vitest: npm run test:fast -- store.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pureOnly } from './test-sets.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const shared = ['--no-isolate', '--maxWorkers=100%', '--reporter=default'];

const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', ...shared, ...pureOnly(root), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
