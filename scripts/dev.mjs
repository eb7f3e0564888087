// Development: builds into dist-dev, runs the program from there, and does both again on each change. An error of the
// compiler ends the program, so that the error can be read. Arguments are the program's:
//
//   npm run dev                  the console on this host; q or Ctrl-C ends both
//   npm run dev -- demo          the console on the embedded lab
//   npm run dev -- check         a command, once for each change; Ctrl-C ends it
//
// A whole build takes 2 s, so it is the build that ships: what tsc's own watch mode does not copy is never old here.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist-dev');
const args = process.argv.slice(2);
/** The console quits because a person says so; a command ends because its work is done. */
const isConsole = args.length === 0 || args[0].startsWith('-') || args[0] === 'demo';
/** An editor that saves several files makes one change of it (ms). */
const SETTLE_MS = 150;
/** The program rolls back its faults and ends its lab before it goes; then it is ended (ms). */
const PATIENCE_MS = 20_000;

const say = (text) => process.stderr.write(`dev: ${text}\n`);
let program;
let ending = false;

function build() {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'scripts', 'build.mjs'), dist], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('close', (code) => done({ ok: code === 0, said: said.trim() }));
  });
}

function start() {
  const child = spawn(process.execPath, [join(dist, 'source', 'cli.js'), ...args], { stdio: 'inherit' });
  const running = { child, wanted: true, over: new Promise((done) => child.on('close', done)) };
  program = running;
  child.on('close', async (code, signal) => {
    if (program === running) program = undefined;
    if (code === null) await giveTerminalBack();
    if (!running.wanted || ending) return;
    if (isConsole && (code === 0 || code === 130)) return end(code);
    say(`ended with ${code ?? signal}; a change runs it again, Ctrl-C ends`);
  });
}

/** Ends the program and waits until it has cleaned up. `told`: the terminal has sent it the signal already. */
async function stop(told = false) {
  if (!program) return;
  const { child, over } = program;
  program.wanted = false;
  if (!told) child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await over;
  clearTimeout(late);
}

/** After a program that was killed and could not do it itself. */
async function giveTerminalBack() {
  if (!process.stdout.isTTY) return;
  const { RESTORE_SEQUENCE } = await import(join(dist, 'source', 'terminal', 'restore.js'));
  process.stdout.write(RESTORE_SEQUENCE);
  spawnSync('stty', ['sane'], { stdio: ['inherit', 'ignore', 'ignore'] });
}

async function end(code, told = false) {
  if (ending) return;
  ending = true;
  await stop(told);
  process.exit(code);
}

let building = false;
let changed = false;
async function renew() {
  changed = true;
  if (building || ending) return;
  building = true;
  while (changed && !ending) {
    changed = false;
    const { ok, said } = await build();
    if (changed || ending) continue;
    await stop();
    if (ok && !ending) start();
    else if (!ok) say(`the build failed; a change builds again, Ctrl-C ends\n${said}`);
  }
  building = false;
}

let settle;
const onChange = () => {
  clearTimeout(settle);
  settle = setTimeout(renew, SETTLE_MS);
};

// What the terminal sends goes to everybody in it; only what is sent to this process alone is passed on.
process.on('SIGINT', () => end(130, process.stdin.isTTY));
process.on('SIGHUP', () => end(129, process.stdin.isTTY));
process.on('SIGTERM', () => end(143));
rmSync(dist, { recursive: true, force: true });
for (const folder of ['source', 'panels', 'scenarios'])
  watch(join(root, folder), { recursive: true }, onChange);
watch(join(root, 'docs'), (_event, file) => file === 'glossary.md' && onChange());
say('building …');
renew();
