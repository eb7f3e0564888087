// What watching costs while nothing happens: containers that talk with each other, everything on, measured from outside
// on the built console in a pseudo-terminal. CPU of the console and what it causes in the daemon (what dockerd and
// containerd take with it, less what they take without), beside whichever other watchers this machine has.
// Needs root, Docker and the images of scripts/docker-images.mjs. CPU is in percent of one core.
// Usage: node scripts/bench-idle.mjs [--json] [--seconds 60] [--containers 20]
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { benchSettings, startCrowd } from './crowd.mjs';

const { dist, DockerEngine, toolboxRecipe, json, seconds, containers } = await benchSettings('60');
/** Until the compiler has settled and every container is known. */
const WARM_UP_S = 30;
/** man 5 proc: utime, stime and those of waited-for children in clock ticks, 100 a second; rss in pages. */
const USER_HZ = 100;
const PAGE = 4096;

const rest = (ms) => new Promise((done) => setTimeout(done, ms));
const round = (value, digits = 2) => Number(value.toFixed(digits));
const say = (text) => process.stderr.write(`${text}\n`);

function statOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return { cpuS: ticks / USER_HZ, rssMiB: (Number(fields[21]) * PAGE) / 2 ** 20 };
}

/** The process that listens at the daemon's socket, and its containerd: another engine of this machine is not ours. */
function daemons() {
  const socket = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
  const paths = [socket, socket.replace(/^\/var\/run/, '/run')];
  const inodes = readFileSync('/proc/net/unix', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '00010000' && paths.includes(fields[7]))
    .map((fields) => `socket:[${fields[6]}]`);
  const all = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid));
  const holding = all.filter((pid) => commOf(pid) === 'dockerd' && holdsOne(pid, inodes));
  return [
    ...holding,
    ...all.filter((pid) => commOf(pid) === 'containerd' && holding.includes(parentOf(pid))),
  ];
}

const quietly = (read) => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
const commOf = (pid) => quietly(() => readFileSync(`/proc/${pid}/comm`, 'latin1').trim());
const parentOf = (pid) =>
  quietly(() => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ')[1]);
const holdsOne = (pid, inodes) =>
  quietly(() =>
    readdirSync(`/proc/${pid}/fd`).some((fd) =>
      inodes.includes(quietly(() => readlinkSync(`/proc/${pid}/fd/${fd}`))),
    ),
  ) ?? false;

const sum = (pids) =>
  pids.reduce((all, pid) => {
    try {
      return all + statOf(pid).cpuS;
    } catch {
      return all;
    }
  }, 0);

/** CPU of these processes over a stretch of time, in percent of a core. */
async function percentOf(pids, forS) {
  const [before, at] = [sum(pids), performance.now()];
  await rest(forS * 1000);
  return (100 * (sum(pids) - before)) / ((performance.now() - at) / 1000);
}

/** A program in a pseudo-terminal: its own CPU, and the daemon's, while it runs. */
async function measure(file, args, daemon) {
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_ENV']) delete env[name];
  const pty = spawn(file, args, { cols: 120, rows: 40, env });
  const ended = new Promise((done) => pty.onExit(done));
  let bytes = 0;
  pty.onData((data) => {
    bytes += Buffer.byteLength(data);
  });
  try {
    await rest(WARM_UP_S * 1000);
    const [written, at] = [bytes, performance.now()];
    const [own, caused] = await Promise.all([percentOf([pty.pid], seconds), percentOf(daemon, seconds)]);
    const took = (performance.now() - at) / 1000;
    const rssMiB = Math.round(statOf(pty.pid).rssMiB);
    return { own, daemon: caused, rssMiB, bytesPerSecond: Math.round((bytes - written) / took) };
  } finally {
    pty.write('q');
    await Promise.race([ended, rest(5_000).then(() => pty.kill('SIGTERM'))]);
  }
}

function where(program) {
  try {
    return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

const engine = new DockerEngine();
await engine.settled();
if (!engine.docker) throw new Error(engine.trouble()?.reason ?? 'Docker does not answer');
const crowd = await startCrowd(engine.docker, toolboxRecipe().tag, { count: containers });
await engine.close();
try {
  const daemon = daemons();
  if (daemon.length === 0)
    throw new Error('the process of the daemon is not to be found: its share cannot be told');
  await rest(5_000);
  say(`${crowd.names.length} containers; the daemon alone, for ${seconds} s`);
  const alone = await percentOf(daemon, seconds);
  say('the console');
  const targets = crowd.addresses.slice(0, 3).flatMap((address) => ['--target', `http://${address}:8080/`]);
  const console_ = await measure(process.execPath, [join(dist, 'source/cli.js'), ...targets], daemon);
  const others = {};
  for (const [name, ...args] of [['docker', 'stats'], ['lazydocker'], ['btop'], ['glances']]) {
    const file = where(name);
    if (!file) continue;
    say([name, ...args].join(' '));
    try {
      const other = await measure(file, args, daemon);
      others[[name, ...args].join(' ')] = {
        ownPercent: round(other.own),
        daemonPercent: round(Math.max(0, other.daemon - alone)),
        rssMiB: other.rssMiB,
      };
    } catch (error) {
      say(`${name}: ${error.message}`);
    }
  }
  const result = {
    containers: crowd.names.length,
    ownPercent: round(console_.own),
    daemonPercent: round(Math.max(0, console_.daemon - alone)),
    rssMiB: console_.rssMiB,
    bytesPerSecond: console_.bytesPerSecond,
  };
  const beside = Object.entries(others).map(
    ([name, one]) =>
      `${name}: ${one.ownPercent} % own, ${one.daemonPercent} % in the daemon, ${one.rssMiB} MiB`,
  );
  if (json) for (const line of beside) say(line);
  process.stdout.write(
    json ? `${JSON.stringify(result)}\n` : `${JSON.stringify({ ...result, others }, null, 2)}\n`,
  );
} finally {
  await crowd.close();
}
