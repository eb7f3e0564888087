// The whole proof: lint, types, then the tests. Of what starts real services three files run side by side and no more,
// so that one test's load is not another test's outage; what needs Docker comes last, two files at a time, on an engine
// that is found or started. Where none can be had those tests are skipped, loudly; with FAULTLINE_REQUIRE_DOCKER=1 that
// is a failure. A file that failed is run once more, alone: what then passes was disturbed by what ran beside it, is named
// with its first failure at the end, and is no failure. Arguments go to vitest: npm test -- test/store.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { leftBehind, orphanedSegments } from './residue.mjs';
import { openDocker } from './test-docker.mjs';
import { dockerTests, liveTests, pureOnly, without } from './test-sets.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'faultline-test-'));
const bin = (name) => join(root, 'node_modules', ...name);
const wanted = process.argv.slice(2);
let reports = 0;

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

function step(title, script, args) {
  process.stdout.write(`\n== ${title}\n`);
  return new Promise((done) => {
    spawn(process.execPath, [bin(script), ...args], { cwd: root, stdio: 'inherit', env })
      .on('error', () => done(false))
      .on('close', (code) => done(code === 0));
  });
}

/** Files that failed and are run again at most; more of them are no matter of chance. */
const MOST_AGAIN = 8;

const vitest = (title, args) => step(title, ['vitest', 'vitest.mjs'], ['run', ...args]);

/** Runs a part, and once more, one by one, the files of it that failed. `failures` are told at the end. */
async function tests(title, args) {
  const first = await part(title, args);
  if (first.passed || first.files.length === 0 || first.files.length > MOST_AGAIN) return first;
  const again = [];
  for (const file of first.files) again.push(await part(`${title} again: ${relative(root, file)}`, [file]));
  const [good, bad, skipped] = first.counts;
  const still = again.reduce((sum, { counts }) => sum + counts[1], 0);
  return {
    passed: again.every(({ passed }) => passed),
    counts: [good + bad - still, still, skipped],
    failures: [
      ...again.flatMap(({ failures }) => failures),
      ...first.failures.map((line) => `at first, beside others: ${line}`),
    ],
  };
}

/** One run of vitest: whether all passed, how many did, in which files some did not, and which. */
async function part(title, args) {
  const report = join(scratch, `${reports++}.json`);
  const passed = await vitest(title, [
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...args,
  ]);
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const failed = testResults.filter(({ status }) => status === 'failed');
    return {
      passed,
      counts: [numPassedTests, numFailedTests, numPendingTests],
      files: failed.map(({ name }) => name),
      failures: failed.flatMap(failuresOf),
    };
  } catch {
    return { passed: false, counts: [0, 0, 0], files: [], failures: [`${title}: no report was written`] };
  }
}

/** Lines of a failure that are told again at the end: what was expected, and what stood on the screen instead. */
const LINES_TOLD = 40;

/** What failed in a file, a line each: the test, and the beginning of what it said. */
function failuresOf({ name, message, assertionResults }) {
  const lines = assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0] ?? ''}`);
  return (lines.length > 0 ? lines : [message || 'it could not be run: see above']).map(
    (line) => `${relative(root, name)}: ${line.split('\n').slice(0, LINES_TOLD).join('\n      ')}`,
  );
}

const results = [];
const check = (passed, failures = []) => results.push({ passed, counts: [0, 0, 0], failures });

/** What the tests left somewhere is a failure of the run, told with the others at the end. */
function clean(where, left) {
  check(
    left.length === 0,
    left.map((line) => `left behind${where}: ${line}`),
  );
}
const withDocker = dockerTests(root);
// Installing it and making its images takes minutes on a new machine: what needs no quiet runs meanwhile.
const docker = wanted.length === 0 ? openDocker() : undefined;
try {
  const tool = async (title, path, args) => {
    const passed = await step(title, path, args);
    check(passed, passed ? [] : [`${title}: see above`]);
  };
  await tool('lint', ['@biomejs', 'biome', 'bin', 'biome'], ['check', '.']);
  await tool('types', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.json', '--noEmit']);
  if (docker === undefined) results.push(await tests('tests', wanted));
  else {
    results.push(await tests('pure', pureOnly(root)));
    const engine = await docker;
    if (engine.trouble) {
      process.stdout.write(`\n!! NO DOCKER: ${engine.trouble}\n`);
      check(process.env.FAULTLINE_REQUIRE_DOCKER !== '1', [`no Docker: ${engine.trouble}`]);
    }
    results.push(await tests('live', ['--maxWorkers=3', ...without(withDocker), ...liveTests(root)]));
    results.push(await tests('docker', ['--maxWorkers=2', ...withDocker]));
    clean(' in Docker', await engine.leftBehind());
  }
  clean('', await leftBehind(places));
} finally {
  await (await docker)?.close();
  rmSync(scratch, { recursive: true, force: true });
}
const [good, bad, skipped] = [0, 1, 2].map((i) => results.reduce((sum, result) => sum + result.counts[i], 0));
for (const line of results.flatMap(({ failures }) => failures)) process.stdout.write(`\nFAILED ${line}\n`);
process.stdout.write(`\n${good} passed, ${bad} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exit(results.every((result) => result.passed) ? 0 : 1);
