// Field cases: failures made by other means than the lab's, and what Faultline says of them (test/field/README.md).
//
//   npm run field                       every case, already broken and healthy first, two at a time
//   npm run field -- -j 1 mysql-kill    some, one at a time; a * stands for anything
//   npm run field -- --again            what fails is run once more, alone: a busy machine is no verdict
//
// --when broken|steady, --for 20s, --text (prints what a person would read), --results FILE. Exit code: 0 all passed, 1 not,
// 2 usage, 3 cannot be run here.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test', 'field');
const WHENS = ['broken', 'steady'];

function give(code, text) {
  process.stderr.write(`faultline: ${text}\n`);
  process.exit(code);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        jobs: { type: 'string', short: 'j', default: '2' },
        when: { type: 'string' },
        for: { type: 'string', default: '20s' },
        text: { type: 'boolean' },
        again: { type: 'boolean' },
        results: { type: 'string', default: join(tmpdir(), `faultline-field-${process.pid}.json`) },
      },
    });
  } catch (error) {
    return give(2, error.message);
  }
}

/** The runs that names ask for: every case in both orders, but for controls and what cannot come later. */
function runsOf(names, when) {
  const cases = readdirSync(folder)
    .filter((file) => file.endsWith('.case'))
    .map((file) => file.slice(0, -'.case'.length));
  const wanted = names.map(
    (name) => new RegExp(`^${name.replace(/[^\w*-]/g, '\\$&').replaceAll('*', '.*')}$`),
  );
  const unknown = names.filter((_, at) => !cases.some((one) => wanted[at].test(one)));
  if (unknown.length > 0) give(2, `no such case: ${unknown.join(', ')}. There are: ${cases.join(', ')}`);
  const chosen = cases.filter((one) => names.length === 0 || wanted.some((pattern) => pattern.test(one)));
  return chosen.sort().flatMap((name) => {
    const text = readFileSync(join(folder, `${name}.case`), 'utf8');
    const only = /^ONLY_WHEN=(\w+)/m.exec(text)?.[1] ?? (/^KIND=control/m.test(text) ? 'broken' : null);
    return (when ? [when] : WHENS)
      .filter((one) => only === null || one === only)
      .map((one) => ({ name, when: one }));
  });
}

const running = new Set();
/** Where cases write: socket paths are short, and what a killed case leaves goes with it. */
let scratch = '';

/** One run of a case: its own process group, so that it can be ended whole. */
function runCase({ name, when }, { values }) {
  return new Promise((done) => {
    const env = { ...process.env, PRODUCT: process.env.PRODUCT ?? root, WHEN: when, FIELD_FOR: values.for };
    env.FIELD_FOLDER = scratch;
    if (values.text) env.FIELD_TEXT = '1';
    const child = spawn('bash', [join(folder, `${name}.case`)], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code) => {
      running.delete(child);
      const line = out.split('\n').find((one) => one.startsWith('{'));
      const row = line
        ? JSON.parse(line)
        : { case: name, when, pass: false, verdict: 'not judged', error: `no verdict, code ${code}` };
      const said = out
        .split('\n')
        .filter((one) => one !== line)
        .join('\n');
      done({ ...row, text: said.trim(), stderr: err.trim() });
    });
  });
}

async function runAll(runs, jobs, given) {
  const waiting = [...runs];
  const rows = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const row = await runCase(next, given);
      rows.push(row);
      process.stdout.write(`${line(row)}\n${row.text ? `${row.text}\n` : ''}`);
      if (row.error) process.stdout.write(`  ${row.error}\n${row.stderr.replace(/^/gm, '  ')}\n`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return rows.sort((a, b) => order(a).localeCompare(order(b)));
}

const order = (row) => [row.kind ?? '', row.case, row.when].join(' ');

const line = ({ kind, case: name, when, expect, named, verdict, extra }) =>
  [
    (kind ?? '?').padEnd(9),
    name.padEnd(26),
    when.padEnd(6),
    `${(expect ?? '').slice(0, 28).padEnd(28)} -> ${(named ?? '-').padEnd(20)}`,
    verdict,
    extra?.length ? `(also ${extra.join(', ')})` : '',
  ]
    .join(' ')
    .trimEnd();

function sums(rows) {
  const count = (title, kind, when) => {
    const of = rows.filter((row) => row.kind === kind && (when === undefined || row.when === when));
    return of.length > 0 ? `${title}: ${of.filter(({ pass }) => pass).length} of ${of.length}` : null;
  };
  return [
    count('claimed, already broken', 'claimed', 'broken'),
    count('claimed, healthy first', 'claimed', 'steady'),
    count('two at once, both named', 'double'),
    count('unknown modes not named wrongly', 'unclaimed'),
    count('controls that stayed quiet', 'control'),
  ].filter((one) => one !== null);
}

const given = options();
const jobs = Number(given.values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) give(2, '-j takes a number of runs at a time');
if (given.values.when && !WHENS.includes(given.values.when)) give(2, '--when takes broken or steady');
const runs = runsOf(given.positionals, given.values.when);
if (process.platform !== 'linux' || process.getuid() !== 0) give(3, 'field cases need Linux and root');
scratch = mkdtempSync('/var/tmp/field-');
// Other users' servers run in it.
chmodSync(scratch, 0o711);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    for (const { pid } of running) process.kill(-pid, 'SIGKILL');
    process.exit(1);
  });

let rows = await runAll(runs, jobs, given);
const failed = rows.filter(({ pass }) => !pass);
if (given.values.again && failed.length > 0) {
  process.stdout.write('\nonce more, one at a time:\n');
  const again = await runAll(
    failed.map(({ case: name, when }) => ({ name, when })),
    1,
    given,
  );
  rows = rows.map((row) => again.find((one) => order(one).endsWith(` ${row.case} ${row.when}`)) ?? row);
}
writeFileSync(given.values.results, `${JSON.stringify(rows, null, 1)}\n`);
process.stdout.write(
  `\n${rows.map(line).join('\n')}\n\n${sums(rows).join('\n')}\nresults: ${given.values.results}\n`,
);
process.exit(rows.every(({ pass }) => pass) ? 0 : 1);
