// Kills the program that injects, over and over: each round causes one kind of fault in a container by `faultline
// inject`, ends that program with SIGKILL at a random moment, and then compares the container with what it was before.
// Within the fault's lease both have to be equal in every byte of every section. Prints a table per kind, and exits
// with 1 when anything was left. Needs Docker; touches only two containers and a network that it makes and removes.
// Usage: node scripts/soak-faults.mjs [--rounds 50] [--seed N] [--kinds delay,loss] [--json]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', process.env.FAULTLINE_DIST ?? 'dist');
const load = (path) => import(join(dist, 'source', path));
const { DockerEngine } = await load('engines/docker/docker-engine.js');
const { ensureImage } = await load('engines/docker/images/ensure-image.js');
const { toolboxRecipe } = await load('engines/docker/images/toolbox-image.js');
const { observeTarget } = await load('faults/observe/observe-target.js');
const { inspectTarget } = await load('faults/observe/target.js');
const { snapshotDifference } = await load('faults/observe/difference.js');
const { undoAll } = await load('faults/desk/undo.js');
const { leaseFor } = await load('commands/inject/lease.js');

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kinds: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const rounds = Math.min(1000, Number(values.rounds));
/** How long each fault is asked for; its lease is what `inject` makes of that. */
const FOR_MS = 3_000;
const LEASE_MS = leaseFor(FOR_MS).ttlMs;
/** Every fifth kill is at any moment after the start; the others count from when the fault is being caused. */
const MOMENTS = { early: 3_000, late: 5_000, from: 100 };
/** A busy machine takes its time to undo and to be read after the lease is over; later than this it is residue. */
const GRACE_MS = 30_000;
const LABELS = { 'faultline.soak': String(process.pid), 'faultline.target': 'true' };
const NAMES = { web: `faultline-soak-web-${process.pid}`, db: `faultline-soak-db-${process.pid}` };
const NETWORK = `faultline-soak-${process.pid}`;

const FAULTS = {
  delay: ['delay', '--ms', '100'],
  loss: ['loss', '--percent', '20'],
  'drop-peer both': ['drop-peer', '--peer', NAMES.db],
  'drop-peer in': ['drop-peer', '--peer', NAMES.db, '--ways', 'in'],
  'drop-peer out': ['drop-peer', '--peer', NAMES.db, '--ways', 'out'],
  'dns-answer': ['dns-answer', '--rcode', 'SERVFAIL'],
  'dns-drop': ['dns-drop'],
  bandwidth: ['bandwidth', '--kbit', '1000'],
  cpu: ['cpu', '--cpus', '0.2'],
  memory: ['memory', '--memory', '32m'],
  'allocate worker': ['allocate', '--memory', '80m'],
  'allocate pid-1': ['allocate', '--memory', '80m', '--victim', 'pid-1'],
  'open-files': ['open-files', '--limit', '64'],
  kill: ['kill'],
  pause: ['pause'],
  disconnect: ['disconnect'],
};

const rest = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (text) => process.stderr.write(`${text}\n`);

/** Park and Miller's generator: the same seed makes the same rounds. */
let state = Math.max(1, Number(values.seed) % 2_147_483_647);
function random() {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

function shuffled(some) {
  const list = [...some];
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

const stateDir = mkdtempSync(join(tmpdir(), 'faultline-soak-'));
// Before anything of the product is asked: its journal is this soak's own.
process.env.FAULTLINE_STATE_DIR = stateDir;
const cli = join(dist, 'source/cli.js');
const engine = new DockerEngine();
let docker;
let image;

async function start(name, command) {
  const HostConfig = { NetworkMode: NETWORK, Init: true, Memory: 64 << 20, MemorySwap: 64 << 20 };
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: command,
    Labels: LABELS,
    HostConfig,
  });
  await container.start();
}

async function see() {
  return (await observeTarget({ docker, image }, await inspectTarget(docker, NAMES.web))).snapshot;
}

/** What differs, line by line; sections are compared as they are, whatever the product calls equal. */
function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (names.every((name) => before[name] === after[name])) return [];
  const lines = snapshotDifference(before, after);
  return lines.length > 0 ? lines : names.filter((name) => before[name] !== after[name]);
}

function inject(words) {
  const child = spawn(process.execPath, [cli, 'inject', ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  const causing = new Promise((done) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.includes(': causing it')) done();
    });
  });
  return { child, out: () => out, causing };
}

/** One round: `killedIn` is the phase it was killed in, `cleanMs` the time from the kill until nothing differed. */
async function round(kind) {
  const before = await see();
  const early = random() < 0.2;
  const moment = MOMENTS.from + random() * ((early ? MOMENTS.early : MOMENTS.late) - MOMENTS.from);
  const { child, out, causing } = inject([...FAULTS[kind], '--on', NAMES.web, '--for', `${FOR_MS}ms`]);
  const ended = once(child, 'close');
  if (!early) await Promise.race([ended, causing]);
  await Promise.race([ended, rest(moment)]);
  const killed = child.exitCode === null;
  child.kill('SIGKILL');
  await ended;
  const at = performance.now();
  const killedIn = !killed
    ? 'over'
    : /"phase":"injected"/.test(out())
      ? 'held'
      : /causing|checking/.test(out())
        ? 'causing'
        : 'reading';
  // Equal while there is an agent may be the moment before it begins: it counts once no agent is there.
  let equalSince = null;
  let left = [];
  while (performance.now() - at < LEASE_MS + GRACE_MS) {
    const looked = performance.now();
    left = differences(before, await see());
    const agents = await docker.listContainers({
      all: true,
      filters: { label: ['faultline.fault'], name: ['faultline-f'] },
    });
    const target = (await docker.getContainer(NAMES.web).inspect()).Id;
    const held = agents.some(({ Labels }) => Labels['faultline.fault.target'] === target);
    if (left.length > 0) equalSince = null;
    else equalSince ??= looked;
    if (equalSince !== null && !held) break;
    await rest(300);
  }
  const cleanMs = equalSince === null ? null : Math.max(0, equalSince - at);
  if (equalSince === null) await undoAll();
  return {
    kind,
    killedIn,
    moment: `${Math.round(moment)} ms after ${early ? 'its start' : 'it began to'}`,
    cleanMs,
    left,
  };
}

async function main() {
  const verdict = await engine.settled();
  if (verdict.state === 'unavailable') throw new Error('Docker is not available: docker version');
  docker = engine.docker;
  image = await ensureImage(toolboxRecipe(), { docker, progress: (text) => say(text) });
  const wanted = values.kinds?.split(',') ?? Object.keys(FAULTS);
  const kinds = Object.keys(FAULTS).filter((kind) => wanted.some((want) => kind.startsWith(want)));
  if (kinds.length === 0) throw new Error(`--kinds is some of ${Object.keys(FAULTS).join(', ')}`);
  const results = [];
  try {
    await docker.createNetwork({ Name: NETWORK, Labels: LABELS });
    await start(NAMES.web, ['sleep', 'infinity']);
    await start(NAMES.db, ['sleep', 'infinity']);
    let order = [];
    for (let number = 1; number <= rounds; number++) {
      if (order.length === 0) order = shuffled(kinds);
      const result = await round(order.pop());
      results.push(result);
      const clean =
        result.cleanMs === null
          ? `LEFT: ${result.left.join('; ')}`
          : `clean after ${(result.cleanMs / 1000).toFixed(1)} s`;
      say(
        `${number}/${rounds}  ${result.kind}, killed while ${result.killedIn} (${result.moment}): ${clean}`,
      );
    }
  } finally {
    await tidy();
  }
  report(kinds, results);
  if (results.some(({ cleanMs }) => cleanMs === null)) process.exitCode = 1;
}

/** The journal is settled as after any console that was killed, and everything that was made goes. */
async function tidy() {
  for (const { what, outcome, detail } of await undoAll()) say(`journal: ${what}: ${outcome}, ${detail}`);
  for (const name of Object.values(NAMES))
    await docker
      .getContainer(name)
      .remove({ force: true })
      .catch(() => {});
  await docker
    .getNetwork(NETWORK)
    .remove()
    .catch(() => {});
  rmSync(stateDir, { recursive: true, force: true });
}

function report(kinds, results) {
  const rows = kinds.map((kind) => {
    const of = results.filter((result) => result.kind === kind);
    const held = of.filter(({ killedIn }) => killedIn === 'held' || killedIn === 'causing').length;
    const times = of.map(({ cleanMs }) => cleanMs ?? Number.POSITIVE_INFINITY);
    const residue = of.filter(({ cleanMs }) => cleanMs === null).length;
    return {
      kind,
      rounds: of.length,
      midFault: held,
      clean: of.length - residue,
      longestS: Math.max(0, ...times) / 1000,
      residue,
    };
  });
  const total = rows.reduce(
    (sum, row) => ({ rounds: sum.rounds + row.rounds, clean: sum.clean + row.clean }),
    { rounds: 0, clean: 0 },
  );
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ seed: Number(values.seed), leaseMs: LEASE_MS, ...total, kinds: rows })}\n`,
    );
    return;
  }
  const lines = [
    '| fault | rounds | killed mid-fault | clean | longest until clean | residue |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${row.kind} | ${row.rounds} | ${row.midFault} | ${row.clean} | ${row.longestS.toFixed(1)} s | ${row.residue} |`,
    ),
    '',
    `${total.clean} of ${total.rounds} rounds clean; lease ${LEASE_MS / 1000} s, seed ${values.seed}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

try {
  await main();
} catch (error) {
  say(`soak: ${error.message}`);
  process.exitCode = 3;
} finally {
  await engine.close();
}
