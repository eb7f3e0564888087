// Runs in network, mount and UTS namespaces of its own: for each case of standard input it puts the files in place, and
// looks the name up by getent and by the built program. Prints [{id, getent, ours}] as JSON.
//   unshare -mnu node corpus-run.mjs DIST
import { execFile, execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { cpSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const dist = process.argv[2];
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { readHostResolver } = await load('source/linux/resolver/host-resolver.js');
const { lookUpAsHost } = await load('source/probes/dns/look-up-as-host.js');
const { systemClock } = await load('source/clock.js');

const sh = (file, ...words) =>
  execFileSync(file, words, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
sh('mount', '--make-rprivate', '/');
sh('ip', 'link', 'set', 'lo', 'up');
// An address of each family that is not loopback: getent asks for those families only that the host has (AI_ADDRCONFIG).
sh('ip', 'link', 'add', 'x0', 'type', 'veth', 'peer', 'name', 'x1');
sh('ip', 'addr', 'add', '198.51.100.1/24', 'dev', 'x0');
sh('ip', 'addr', 'add', '2001:db8::1/64', 'dev', 'x0', 'nodad');
for (const name of ['x0', 'x1']) sh('ip', 'link', 'set', name, 'up');
const etc = mkdtempSync(join(tmpdir(), 'faultline-etc-'));
sh('mount', '-t', 'tmpfs', 'none', etc);
cpSync('/etc', etc, {
  recursive: true,
  dereference: false,
  filter: (path) => !/^\/etc\/(ssl|ca-certificates|java|apparmor)/.test(path),
});
sh('mount', '--bind', etc, '/etc');
// What is bound stays; the folder is left to nobody.
sh('umount', etc);
rmdirSync(etc);

/** A: 1, AAAA: 28. */
const ZONE = {
  'app.example': { 1: '192.0.2.1' },
  'app.corp.example': { 1: '192.0.2.2' },
  'app.lab.example': { 1: '192.0.2.3' },
  'two.example': { 1: '192.0.2.4', 28: '2001:db8::4' },
  'six.example': { 28: '2001:db8::6' },
  'none.example': {},
  'db.sub.corp.example': { 1: '192.0.2.7' },
  bare: { 1: '192.0.2.8' },
  'bare.corp.example': { 1: '192.0.2.9' },
  'under_score.example': { 1: '192.0.2.10' },
  'host.box.example': { 1: '192.0.2.11' },
};
const question = (bytes) => {
  const labels = [];
  let at = 12;
  while (bytes[at]) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + bytes[at]));
    at += bytes[at] + 1;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: bytes.readUInt16BE(at + 1),
    raw: bytes.subarray(12, at + 5),
  };
};
const address = (type, text) => {
  if (type === 1) return Buffer.from(text.split('.').map(Number));
  const bytes = Buffer.alloc(16);
  const [head, tail] = text.split('::').map((half) => half.split(':').filter(Boolean));
  for (const [i, word] of head.entries()) bytes.writeUInt16BE(Number.parseInt(word, 16), 2 * i);
  for (const [i, word] of tail.entries())
    bytes.writeUInt16BE(Number.parseInt(word, 16), 16 - 2 * (tail.length - i));
  return bytes;
};
const reply = (bytes, rcode) => {
  const { name, type, raw } = question(bytes);
  const known = ZONE[name];
  const code = rcode || (known ? 0 : 3);
  const data = code === 0 ? known[type] : undefined;
  const head = Buffer.alloc(12);
  bytes.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data ? 1 : 0, 6);
  if (!data) return Buffer.concat([head, raw]);
  const value = address(type, data);
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 5, 0, value.length]);
  return Buffer.concat([head, raw, record, value]);
};
/** What each server does: with UDP questions, by port of the asker, and over TCP. */
const SERVERS = {
  '127.0.0.1': { udp: (bytes) => reply(bytes) },
  '127.0.0.53': { udp: (bytes) => reply(bytes) },
  '::1': { udp: (bytes) => reply(bytes) },
  '127.0.0.2': { udp: (bytes) => reply(bytes, 2) },
  '127.0.0.3': { udp: (bytes) => reply(bytes, 5) },
  '127.0.0.4': { udp: () => undefined },
  '127.0.0.5': { udp: (bytes) => (question(bytes).type === 28 ? undefined : reply(bytes)) },
  '127.0.0.6': { udp: () => undefined, tcp: true },
  '127.0.0.7': { udp: (bytes) => reply(bytes, 3) },
  '127.0.0.8': {
    udp: (bytes) => {
      const cut = reply(bytes);
      cut[2] |= 2;
      cut.writeUInt16BE(0, 6);
      return cut.subarray(0, 12 + question(bytes).raw.length);
    },
    tcp: true,
  },
  '127.0.0.9': { udp: oneAtATime() },
  '127.0.0.10': { udp: (bytes) => reply(bytes, 4) },
};
/** A middle box that loses the second of two questions from one port within 30 ms. */
function oneAtATime() {
  const last = new Map();
  return (bytes, port) => {
    const before = last.get(port) ?? 0;
    last.set(port, performance.now());
    return performance.now() - before < 30 ? undefined : reply(bytes);
  };
}
for (const [host, { udp, tcp }] of Object.entries(SERVERS)) {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (bytes, from) => {
    const answer = udp(bytes, from.port);
    if (answer) socket.send(answer, from.port, from.address);
  });
  await new Promise((done) => socket.bind(53, host, done));
  if (!tcp) continue;
  const server = net.createServer((peer) => {
    let kept = Buffer.alloc(0);
    peer.on('error', () => undefined);
    peer.on('data', (chunk) => {
      kept = Buffer.concat([kept, chunk]);
      while (kept.length >= 2 && kept.length >= 2 + kept.readUInt16BE()) {
        const answer = reply(kept.subarray(2, 2 + kept.readUInt16BE()));
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        peer.write(Buffer.concat([length, answer]));
        kept = kept.subarray(2 + kept.readUInt16BE());
      }
    });
  });
  await new Promise((done) => server.listen(53, host, done));
}

const put = (name, text) => {
  if (text === null) rmSync(join('/etc', name), { force: true });
  else writeFileSync(join('/etc', name), text);
};
rmSync('/etc/resolv.conf', { force: true });
const run = promisify(execFile);
const set = (addresses) => [...new Set(addresses)].sort();
const results = [];
for (const { id, name, resolv, hosts = '', nsswitch = 'hosts: files dns\n', hostname = 'box' } of JSON.parse(
  readFileSync(0, 'utf8'),
)) {
  put('resolv.conf', resolv);
  put('hosts', hosts);
  put('nsswitch.conf', nsswitch);
  sh('hostname', hostname);
  const [getent, ours] = await Promise.all([
    run('getent', ['ahosts', name], { timeout: 30_000 }).then(
      ({ stdout }) => set(stdout.split('\n').flatMap((line) => line.split(/\s/)[0] || [])),
      () => [],
    ),
    lookUpAsHost(name, readHostResolver(), systemClock, AbortSignal.timeout(30_000)).then(
      (given) => ({ addresses: set(given.addresses), end: given.dns?.end, outcome: given.dns?.outcome }),
      (error) => ({ addresses: [String(error)] }),
    ),
  ]);
  results.push({ id, getent, ours });
}
process.stdout.write(JSON.stringify(results));
process.exit(0);
