import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { type Clock, pause } from '../../clock.js';
import type { Lab } from '../../labs/lab.js';
import type { Runtime } from '../../runtime/index.js';

/** Something harmless that goes on while nothing is to be found. */
export interface Control {
  readonly name: string;
  readonly about: string;
  /** Goes on until the signal aborts, and leaves nothing behind. */
  during(on: ControlStage, signal: AbortSignal): Promise<void>;
}

export interface ControlStage {
  readonly lab: Lab;
  readonly runtime: Runtime;
}

/** Requests a second of the surge: the visitors of a lab are one a second. */
const SURGE_PER_SECOND = 10;
/** Pause between a replica that answers again and the next that is restarted (ms). */
const ROLLING_MS = 10_000;
const CHURN_MS = 5_000;
const TIME_WAITS = 20_000;
/** Connections to make TIME-WAIT sockets of that are under way at once. */
const AT_ONCE = 50;

/** What can be done on a lab: those that take containers only where there are some. */
export function controlsOn(lab: Lab): readonly Control[] {
  const all: Control[] = [
    { name: 'healthy', about: 'the traffic of every day', during: (_, signal) => ended(signal) },
    { name: 'surge', about: `${SURGE_PER_SECOND} times the requests, all of them served`, during: surge },
    { name: 'time-wait', about: `${TIME_WAITS} sockets in TIME-WAIT`, during: timeWait },
  ];
  if (lab.kind === 'docker')
    all.push(
      { name: 'rolling-restart', about: 'replicas restarted one after the other', during: rolling },
      { name: 'churn', about: `a container made and removed every ${CHURN_MS / 1000} s`, during: churn },
    );
  return all;
}

const ended = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort');
};

/** Whether the signal left time for another round. */
async function again(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  await pause(clock, ms, signal).catch(() => undefined);
  return !signal.aborted;
}

async function surge({ lab, runtime }: ControlStage, signal: AbortSignal): Promise<void> {
  const open = new Set<Promise<void>>();
  while (await again(runtime.clock, 1000 / SURGE_PER_SECOND, signal)) {
    const one: Promise<void> = fetch(lab.recovery.customer.url, { signal })
      .then((answer) => answer.arrayBuffer())
      .then(() => undefined)
      .catch(() => undefined)
      .finally(() => open.delete(one));
    open.add(one);
  }
  await Promise.all(open);
}

/** Who closes first keeps the socket in TIME-WAIT: here both ends are this host. */
async function timeWait(_: ControlStage, signal: AbortSignal): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  let made = 0;
  const worker = async (): Promise<void> => {
    while (made < TIME_WAITS && !signal.aborted) {
      made++;
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.resume();
      await once(socket, 'close');
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await ended(signal);
  } finally {
    server.close();
  }
}

/** As it is done right: one at a time, the next only once all targets answer. */
async function rolling({ lab, runtime }: ControlStage, signal: AbortSignal): Promise<void> {
  const replicas = lab.engine
    .list()
    .filter(({ group }) => group === lab.app)
    .map(({ name }) => name);
  const answers = (): boolean =>
    Object.values(runtime.store.getState().latest.http).every(({ sample, stale }) => sample.ok && !stale);
  for (let i = 0; await again(runtime.clock, ROLLING_MS, signal); i++) {
    const name = replicas[i % replicas.length];
    if (name === undefined) return;
    await lab.engine.restart(name);
    while (!answers() && (await again(runtime.clock, 200, signal)));
  }
}

/** Each removes itself once its process ends, also when nobody is there any more. */
async function churn({ lab, runtime }: ControlStage, signal: AbortSignal): Promise<void> {
  const docker = lab.kind === 'docker' ? lab.engine.docker : null;
  const [model] = lab.engine.list();
  if (!docker || lab.kind !== 'docker' || !model) return;
  const { Image } = await docker.getContainer(lab.container(model.name)).inspect();
  while (await again(runtime.clock, CHURN_MS, signal)) {
    const container = await docker.createContainer({
      ...{ Image, Entrypoint: ['sleep'], Cmd: ['2'] },
      HostConfig: { AutoRemove: true, NetworkMode: lab.network },
    });
    await container.start();
  }
  // The last one is away before the next run begins.
  await pause(runtime.clock, CHURN_MS);
}
