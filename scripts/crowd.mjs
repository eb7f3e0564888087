// Containers that talk with each other, for the benchmarks: single-threaded servers with a short queue, each asked by
// its neighbour on a new connection every so often. What each client waited for is in its log, a line every second.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What a benchmark of the crowd is told by its options, and the parts of the built program that it needs. */
export async function benchSettings(defaultSeconds) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      seconds: { type: 'string', default: defaultSeconds },
      containers: { type: 'string', default: '20' },
    },
  });
  const dist = join(dirname(fileURLToPath(import.meta.url)), '..', process.env.FAULTLINE_DIST ?? 'dist');
  const load = (path) => import(join(dist, 'source', path));
  const { DockerEngine } = await load('engines/docker/docker-engine.js');
  const { toolboxRecipe } = await load('engines/docker/images/toolbox-image.js');
  return {
    ...{ dist, DockerEngine, toolboxRecipe },
    json: values.json,
    seconds: Number(values.seconds),
    containers: Number(values.containers),
  };
}

/** A server that takes one connection after the other, listen(5), 2 ms a request; and a client of the next one. */
const PROGRAM = `
import socket, sys, threading, time
peer, pause = sys.argv[1], float(sys.argv[2])
def ask():
    time.sleep(2)
    done, late, failed, worst, told = 0, 0, 0, 0.0, time.monotonic()
    while True:
        began = time.monotonic()
        try:
            s = socket.create_connection((peer, 8080), timeout=10)
            s.sendall(b'GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n')
            while s.recv(4096): pass
            s.close()
        except OSError: failed += 1
        took = time.monotonic() - began
        done, worst = done + 1, max(worst, took)
        if took > 0.9: late += 1
        if time.monotonic() - told >= 1:
            print(done, late, failed, round(worst * 1000), flush=True)
            worst, told = 0.0, time.monotonic()
        time.sleep(pause)
threading.Thread(target=ask, daemon=True).start()
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('0.0.0.0', 8080))
server.listen(5)
while True:
    c, _ = server.accept()
    try:
        c.settimeout(5)
        if c.recv(4096):
            time.sleep(0.002)
            c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\nok\\n')
    except OSError: pass
    c.close()
`;

/**
 * Starts `count` of them on a network of their own. `docker` is dockerode's client, `image` one with Python 3. Gives
 * their addresses, what is read of them, and an end that removes everything.
 */
export async function startCrowd(docker, image, { count = 20, pauseMs = 100 } = {}) {
  const name = `faultline-crowd-${process.pid}`;
  const network = await docker.createNetwork({ Name: name, Labels: { 'faultline.bench': '1' } });
  const containers = [];
  const close = async () => {
    await Promise.all(containers.map((one) => one.remove({ force: true }).catch(() => {})));
    await network.remove().catch(() => {});
  };
  try {
    for (let i = 0; i < count; i++) {
      const one = await docker.createContainer({
        name: `${name}-${i}`,
        Image: image,
        Entrypoint: ['python3', '-c', PROGRAM, `${name}-${(i + 1) % count}`, String(pauseMs / 1000)],
        Labels: { 'faultline.bench': '1' },
        HostConfig: { NetworkMode: name, Init: true },
      });
      containers.push(one);
      await one.start();
    }
    const infos = await Promise.all(containers.map((one) => one.inspect()));
    const pids = infos.map((info) => info.State.Pid);
    return {
      names: infos.map((info) => info.Name.slice(1)),
      addresses: infos.map((info) => info.NetworkSettings.Networks[name].IPAddress),
      /** ListenOverflows and ListenDrops of all of them since they began. */
      overflows: () => pids.reduce((sum, pid) => sum + counter(pid, 'ListenOverflows'), 0),
      /** What their clients have seen since they began: requests, those of more than 0.9 s, failed ones. */
      async requests() {
        const logs = await Promise.all(
          containers.map((one) => one.logs({ stdout: true, stderr: false, tail: 1, follow: false })),
        );
        const sum = { done: 0, late: 0, failed: 0 };
        for (const log of logs) {
          const line = log.subarray(8).toString().trim().split(' ').map(Number);
          sum.done += line[0] || 0;
          sum.late += line[1] || 0;
          sum.failed += line[2] || 0;
        }
        return sum;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A counter of /proc/<pid>/net/netstat. */
function counter(pid, name) {
  const lines = readFileSync(join('/proc', String(pid), 'net/netstat'), 'latin1').split('\n');
  const at = lines.findIndex((line) => line.startsWith('TcpExt:'));
  const column = lines[at].split(' ').indexOf(name);
  return Number(lines[at + 1].split(' ')[column]);
}
