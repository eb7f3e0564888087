// The whole proof: lint, types, then the tests. Of what starts real services three files run side by side and no more,
// so that one test's load is not another test's outage. Arguments go to vitest: npm test -- test/store.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { leftBehind, orphanedSegments } from './residue.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'faultline-test-'));
const bin = (name) => join(root, 'node_modules', ...name);
const wanted = process.argv.slice(2);

/** Where tests write, and what was there before them. PostgreSQL runs as another user, who must be able to pass. */
const places = {
  scratch,
  tmp: join(scratch, 'tmp'),
  state: join(scratch, 'state'),
  segments: orphanedSegments(),
};
chmodSync(scratch, 0o711);
mkdirSync(places.tmp);
chmodSync(places.tmp, 0o1777);
const env = { ...process.env, TMPDIR: places.tmp, FAULTLINE_STATE_DIR: places.state };

/** Folders whose tests start the lab, child processes or a terminal. */
const LIVE = [
  'test/lab',
  'test/engines',
  'test/faults',
  'test/console',
  'test/commands',
  'test/record',
  'test/probes/inside',
  'test/linux/namespace',
];

function step(title, script, args) {
  process.stdout.write(`\n== ${title}\n`);
  const done = spawnSync(process.execPath, [bin(script), ...args], { cwd: root, stdio: 'inherit', env });
  return done.status === 0;
}

function tests(title, args) {
  const report = join(scratch, `${title}.json`);
  const passed = step(
    title,
    ['vitest', 'vitest.mjs'],
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed, counts: [numPassedTests, numFailedTests, numPendingTests] };
  } catch {
    return { passed: false, counts: [0, 0, 0] };
  }
}

const results = [];
try {
  results.push({
    passed: step('lint', ['@biomejs', 'biome', 'bin', 'biome'], ['check', '.']),
    counts: [0, 0, 0],
  });
  results.push({
    passed: step('types', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.json', '--noEmit']),
    counts: [0, 0, 0],
  });
  if (wanted.length > 0) results.push(tests('tests', wanted));
  else {
    results.push(
      tests(
        'pure',
        LIVE.flatMap((folder) => ['--exclude', `${folder}/**`]),
      ),
    );
    results.push(tests('live', ['--maxWorkers=3', ...LIVE]));
  }
  const left = await leftBehind(places);
  if (left.length > 0) process.stdout.write(`\nleft behind:\n  ${left.join('\n  ')}\n`);
  results.push({ passed: left.length === 0, counts: [0, 0, 0] });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const [good, bad, skipped] = [0, 1, 2].map((i) => results.reduce((sum, result) => sum + result.counts[i], 0));
process.stdout.write(`\n${good} passed, ${bad} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exit(results.every((result) => result.passed) ? 0 : 1);
