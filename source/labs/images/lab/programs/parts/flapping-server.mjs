/**
 * One of several replicas: answers after 150 ms. With PART_LEAK_MIB its worker keeps so much of each second's work and ends
 * once it holds PART_LIMIT_MIB; its supervisor starts another one PART_AWAY_MS later, and meanwhile nobody listens.
 * Switch `no-leak`: the worker keeps nothing.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { complain, numberSetting, PORT, ready, switchedOn } from './part.mjs';

const leakMib = switchedOn('no-leak') ? 0 : numberSetting('PART_LEAK_MIB', 0);

function work() {
  const held = [];
  const server = createServer((_, response) => setTimeout(() => response.end('in stock\n'), 150));
  server.listen(numberSetting('PART_WORKER_PORT', 0), () => process.send({ port: server.address().port }));
  if (leakMib === 0) return;
  setInterval(() => {
    held.push(Buffer.alloc((leakMib * 2 ** 20) / 10, 1));
    const heldMib = (held.length * leakMib) / 10;
    if (heldMib < numberSetting('PART_LIMIT_MIB', 32)) return;
    complain(`worker: out of memory, ${heldMib} MiB held: it ends`);
    process.exit(1);
  }, 100);
}

function supervise(port, isFirst) {
  const env = { ...process.env, PART_WORKER_PORT: String(port) };
  const worker = fork(fileURLToPath(import.meta.url), { env });
  let at = port;
  worker.once('message', (message) => {
    at = message.port;
    if (isFirst) ready(at);
  });
  worker.once('exit', () => setTimeout(() => supervise(at, false), numberSetting('PART_AWAY_MS', 2000)));
}

if (process.env.PART_WORKER_PORT === undefined) supervise(PORT, true);
else work();
