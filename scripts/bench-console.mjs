// What watching costs, measured from outside on the built console in a pseudo-terminal of 120×40: start-up, own CPU
// and bytes a second while all is well and in the incident, memory, and the time from a key to the screen.
// Usage: node scripts/bench-console.mjs [--json] [--seconds 30] [--keys 60]   (Linux: reads /proc/<pid>/stat)
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, process.env.FAULTLINE_DIST ?? 'dist', 'source/cli.js');
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    seconds: { type: 'string', default: '30' },
    keys: { type: 'string', default: '60' },
  },
});
const seconds = Number(values.seconds);
const keys = Number(values.keys);
/** Until the compiler has settled and the first minute's windows are half full. */
const WARM_UP_S = 20;
/** man 5 proc: utime and stime are in clock ticks, of which Linux reports 100 a second; rss in pages. */
const USER_HZ = 100;
const PAGE = 4096;
const [columns, rows] = [120, 40];

const rest = (ms) => new Promise((done) => setTimeout(done, ms));
const round = (value, digits = 1) => Number(value.toFixed(digits));
const say = (text) => process.stderr.write(`${text}\n`);

function quantile(some, q) {
  const sorted = [...some].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
}

/** The console in a pseudo-terminal, with what it writes. */
function open(args) {
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_ENV']) delete env[name];
  const startedAt = performance.now();
  const pty = spawn(process.execPath, [cli, ...args], { cols: columns, rows, env });
  let bytes = 0;
  let tail = '';
  let listener = () => {};
  pty.onData((data) => {
    bytes += Buffer.byteLength(data);
    tail = (tail + data).slice(-65_536);
    listener(data);
  });
  const ended = new Promise((done) => pty.onExit(done));
  return {
    pty,
    startedAt,
    bytes: () => bytes,
    /** What was written so far counts no more. */
    forget() {
      tail = '';
    },
    /** Milliseconds until what was written holds the pattern. */
    until(pattern, withinMs) {
      const from = performance.now();
      return new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error(`not within ${withinMs} ms: ${pattern}`)), withinMs);
        const look = () => {
          if (!pattern.test(tail)) return;
          clearTimeout(timer);
          listener = () => {};
          done(performance.now() - from);
        };
        listener = look;
        look();
      });
    },
    async close() {
      pty.write('q');
      await Promise.race([ended, rest(10_000).then(() => pty.kill('SIGTERM'))]);
      await ended;
    },
  };
}

function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / USER_HZ, rss: Number(fields[21]) * PAGE };
}

/** CPU in percent of one core and bytes a second over a stretch of time. */
async function watch(session, forS) {
  const [before, bytes, at] = [usage(session.pty.pid), session.bytes(), performance.now()];
  await rest(forS * 1000);
  const took = (performance.now() - at) / 1000;
  const after = usage(session.pty.pid);
  return {
    cpuPercent: round((100 * (after.cpuS - before.cpuS)) / took, 2),
    bytesPerSecond: Math.round((session.bytes() - bytes) / took),
    rssMB: Math.round(after.rss / 1e6),
  };
}

/** From tab to the mark beside the title of the panel that it selects. */
async function latency(session) {
  const all = [];
  for (let i = 0; i < keys; i++) {
    // Between two ticks, at a different place each time: a key that meets a tick waits for it, as for a person.
    await rest(60 + ((i * 37) % 90));
    session.forget();
    session.pty.write('\t');
    all.push(await session.until(/▸ \d/, 5_000));
  }
  return {
    keys,
    medianMs: round(quantile(all, 0.5)),
    p95Ms: round(quantile(all, 0.95)),
    worstMs: round(Math.max(...all)),
  };
}

/** Median of five runs of a command that ends by itself (ms). */
function commandMs(...args) {
  const all = Array.from({ length: 5 }, () => {
    const at = performance.now();
    spawnSync(process.execPath, [cli, ...args], { stdio: 'ignore' });
    return performance.now() - at;
  });
  return Math.round(quantile(all, 0.5));
}

async function measureHost() {
  const session = open([]);
  try {
    await session.until(/quit/, 30_000);
    const firstScreenMs = Math.round(performance.now() - session.startedAt);
    await rest(WARM_UP_S * 1000);
    return { firstScreenMs, ...(await watch(session, seconds)) };
  } finally {
    await session.close();
  }
}

async function measureLab() {
  const session = open(['demo']);
  try {
    await session.until(/quit/, 60_000);
    const firstScreenMs = Math.round(performance.now() - session.startedAt);
    await session.until(/all well/, 30_000);
    const firstFiguresMs = Math.round(performance.now() - session.startedAt);
    await rest(WARM_UP_S * 1000);
    const healthy = await watch(session, seconds);
    const healthyKeys = await latency(session);
    session.forget();
    session.pty.write('s');
    const namedMs = Math.round(await session.until(/saturated/, 40_000));
    const incident = await watch(session, seconds);
    const incidentKeys = await latency(session);
    return {
      firstScreenMs,
      firstFiguresMs,
      healthy: { ...healthy, key: healthyKeys },
      spikeToNameMs: namedMs,
      incident: { ...incident, key: incidentKeys },
    };
  } finally {
    await session.close();
  }
}

say(`a host without lab: ${WARM_UP_S + seconds} s ...`);
const host = await measureHost();
say(`the lab, healthy and in the incident: ${WARM_UP_S + 2 * seconds + 30} s ...`);
const lab = await measureLab();
const commands = {
  nodeMs: (() => {
    const at = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return Math.round(performance.now() - at);
  })(),
  helpMs: commandMs('check', '--help'),
  scenariosMs: commandMs('scenarios'),
};
const result = {
  machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
  terminal: `${columns}x${rows}`,
  seconds,
  commands,
  host,
  lab,
};
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  const row = (name, { cpuPercent, bytesPerSecond, rssMB, key }) =>
    `${name.padEnd(16)} ${String(cpuPercent).padStart(6)} % ${String(bytesPerSecond).padStart(7)} B/s ${String(rssMB).padStart(5)} MB` +
    (key ? `   key to screen: median ${key.medianMs} ms, p95 ${key.p95Ms} ms, worst ${key.worstMs} ms` : '');
  process.stdout.write(
    [
      `${result.machine.cores} × ${result.machine.cpu}, Node ${result.machine.node}, ${result.terminal}, ${seconds} s each`,
      '',
      'own CPU (of one core), bytes to the terminal, memory',
      row('host, no lab', host),
      row('lab, healthy', lab.healthy),
      row('lab, incident', lab.incident),
      '',
      `first screen     host ${host.firstScreenMs} ms, demo ${lab.firstScreenMs} ms (its lab included; figures after ${lab.firstFiguresMs} ms)`,
      `commands         node itself ${commands.nodeMs} ms, check --help ${commands.helpMs} ms, scenarios ${commands.scenariosMs} ms`,
      `spike to name    ${(lab.spikeToNameMs / 1000).toFixed(1)} s`,
      '',
    ].join('\n'),
  );
}
process.exit(0);
