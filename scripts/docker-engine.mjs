// A Docker Engine for the tests and the Docker lab, where none runs and the machine is a Debian with root.
//
//   node scripts/docker-engine.mjs          starts one, or finds the one that runs; prints its endpoint
//   node scripts/docker-engine.mjs images   the same, and makes the images of tests and lab that are missing (needs a build)
//   node scripts/docker-engine.mjs stop     ends the engine that this script started, its containers with it
//
// --data FOLDER holds everything it keeps (default: faultline-docker in the temp folder). Exit code 3: cannot be had.
// On a host that had no trace of Docker before, `stop` removes its bridges and iptables chains and resets ip_forward.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answers, ask, SOCKET } from './docker-api.mjs';
import { bridgeOf, hostBefore, restoreHost } from './docker-host.mjs';

const READY_MS = 60_000;
const STOP_MS = 30_000;
const args = process.argv.slice(2);
const flag = args.indexOf('--data');
const data = resolve((flag >= 0 && args[flag + 1]) || join(tmpdir(), 'faultline-docker'));
const command = args.find((word, at) => !word.startsWith('--') && (flag < 0 || at !== flag + 1)) ?? 'start';
const pidFile = join(data, 'dockerd.pid');
const logFile = join(data, 'dockerd.log');
const hostFile = join(data, 'host.json');
const say = (text) => process.stderr.write(`faultline: ${text}\n`);

function give(reason) {
  say(reason);
  process.exit(3);
}

/** Start time of a process in ticks, or null: a pid may have been given to another since it was written down. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}

function ours() {
  try {
    const { pid, start } = JSON.parse(readFileSync(pidFile, 'utf8'));
    return startOf(pid) === start ? pid : null;
  } catch {
    return null;
  }
}

function install(program, packages) {
  const found = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  if (found) return;
  const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (!isDebian) give(`${program} is missing and this machine is no Debian: install Docker by hand.`);
  if (process.getuid() !== 0)
    give(`${program} is missing and installing it needs root: sudo apt-get install ${packages[0]}`);
  say(`installing ${packages.join(' and ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env });
  const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    encoding: 'utf8',
  });
  if (done.status !== 0)
    give(`${packages[0]} could not be installed: ${(done.stderr ?? '').trim().split('\n').at(-1)}`);
}

async function start() {
  if (await answers()) return;
  if (process.platform !== 'linux') give('Docker does not answer; this script starts it on Debian only.');
  install('dockerd', ['docker.io', 'iptables', 'iproute2']);
  if (await answers()) return;
  if (process.getuid() !== 0)
    give('Docker does not answer and starting it needs root: sudo systemctl start docker');
  if (ours() === null) launch();
  const end = Date.now() + READY_MS;
  while (!(await answers())) {
    if (ours() === null || Date.now() > end) {
      const log = existsSync(logFile)
        ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n')
        : '';
      give(
        `dockerd ${ours() === null ? 'ended' : 'did not answer in time'}; its last words (${logFile}):\n${log}`,
      );
    }
    await sleep(200);
  }
}

function launch() {
  mkdirSync(data, { recursive: true });
  const before = hostBefore();
  if (before) writeFileSync(hostFile, JSON.stringify(before));
  const log = openSync(logFile, 'a');
  const child = spawn(
    'dockerd',
    [
      ...['--host', `unix://${SOCKET}`, '--data-root', join(data, 'lib'), '--exec-root', join(data, 'run')],
      ...['--pidfile', join(data, 'daemon.pid'), '--log-level', 'warn'],
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  child.on('error', (error) => give(`dockerd cannot be started: ${error.message}`));
  writeFileSync(pidFile, JSON.stringify({ pid: child.pid, start: startOf(child.pid) }));
  say(`dockerd started (process ${child.pid}, data in ${data}) ...`);
}

async function stop() {
  const pid = ours();
  if (pid === null) {
    say('no Docker Engine of this script is running.');
    rmSync(pidFile, { force: true });
    return;
  }
  const bridges = await ask('GET', '/networks')
    .then(({ text }) =>
      JSON.parse(text)
        .filter(({ Driver }) => Driver === 'bridge')
        .map(bridgeOf),
    )
    .catch(() => ['docker0']);
  // A frozen daemon takes no SIGTERM.
  process.kill(pid, 'SIGCONT');
  process.kill(pid, 'SIGTERM');
  const end = Date.now() + STOP_MS;
  while (ours() !== null) {
    if (Date.now() > end) give(`dockerd (process ${pid}) does not end; its log: ${logFile}`);
    await sleep(100);
  }
  rmSync(pidFile, { force: true });
  if (existsSync(hostFile)) restoreHost(JSON.parse(readFileSync(hostFile, 'utf8')), bridges);
  rmSync(hostFile, { force: true });
  say(`dockerd (process ${pid}) ended; its images stay in ${data} for the next start.`);
}

/** The images that tests and the Docker lab stand on. Where no registry answers they are made with debootstrap. */
async function images() {
  const base = await ask('GET', `/images/${encodeURIComponent('faultline/base:bookworm')}/json`);
  if (base.status !== 200) install('debootstrap', ['debootstrap']);
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const node = join(root, 'node_modules', '.bin', 'node');
  const made = spawnSync(node, [join(root, 'scripts', 'docker-images.mjs')], { stdio: ['ignore', 2, 2] });
  if (made.status !== 0) give('the images are not there.');
}

if (command === 'stop') await stop();
else if (command === 'start' || command === 'images') {
  await start();
  if (command === 'images') await images();
  process.stdout.write(`unix://${SOCKET}\n`);
} else {
  say(`unknown command "${command}": start, images or stop.`);
  process.exit(2);
}
