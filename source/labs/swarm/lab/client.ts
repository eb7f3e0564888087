import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { jsonLines } from '../../../engines/docker/link/json-lines.js';
import { frameReader } from '../../../engines/docker/logs/log-frames.js';
import { LAB_LABEL } from '../../../engines/docker/swarm/labelled.js';

/** How one request of a customer went. */
export interface Answer {
  /** Wall-clock ms of its end, by the clock of the daemon's host. */
  readonly at: number;
  readonly path: string;
  readonly ok: boolean;
  readonly ms: number;
  /** Host name of the replica that answered, or null. */
  readonly by: string | null;
  readonly error: string | null;
}

/** A customer of the service, in a container of its own beside it. */
export interface Client {
  /** Begins a load in place of the one before: so many requests a second for so long. */
  load(seconds: number, perSecond: number, path: string): void;
  /** Ends the load; what is under way is still answered. */
  rest(): void;
  /** Requests that ended at `since` (wall-clock ms) or later, in order. */
  answers(since: number): readonly Answer[];
  /** Ends the customer; its container removes itself. Resolves once it has ended, or after two seconds. */
  end(): Promise<void>;
}

/** Answers kept: ten minutes of the heaviest load there is. */
const MOST_ANSWERS = 6000;
const END_MS = 2000;
const MEMORY = 128 * 1024 * 1024;

/**
 * Starts the customer. It lives as long as its standard input is open, so it goes with the process that started it,
 * however that ends.
 */
export async function startClient(
  docker: Docker,
  lab: { readonly id: string; readonly name: string; readonly image: string },
  host: string,
  name = `${lab.name}-client`,
): Promise<Client> {
  const program = readFileSync(new URL('./programs/client.py', import.meta.url), 'utf8');
  const container = await docker.createContainer({
    name,
    Image: lab.image,
    Cmd: ['python3', '-c', program, host],
    Labels: { [LAB_LABEL]: lab.id },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    HostConfig: {
      NetworkMode: lab.name,
      AutoRemove: true,
      Memory: MEMORY,
      MemorySwap: MEMORY,
      PidsLimit: 100,
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
    },
  });
  const stream = (await container.attach({
    stream: true,
    stdin: true,
    stdout: true,
    hijack: true,
  })) as Duplex;
  await container.start();
  return clientOn(stream);
}

function clientOn(stream: Duplex): Client {
  const answers: Answer[] = [];
  const take = jsonLines((text) => {
    answers.push(JSON.parse(text) as Answer);
    if (answers.length > MOST_ANSWERS) answers.shift();
  });
  const read = frameReader((_, bytes) => take(bytes));
  stream.on('data', read);
  const ended = new Promise((resolve) => stream.once('close', resolve).once('end', resolve));
  // Its container ended: what it would have told is missing from the answers, and that is judged there.
  stream.on('error', () => {});
  return {
    load(seconds, perSecond, path) {
      stream.write(`${seconds} ${perSecond} ${path}\n`);
    },
    rest() {
      stream.write('0 1 /\n');
    },
    answers: (since) => answers.filter(({ at }) => at >= since),
    async end() {
      stream.end();
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
    },
  };
}
