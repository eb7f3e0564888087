import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a place does: ports it listens on, names it answers for, connections to its own first port that it holds. */
export interface PlaceTask {
  readonly tcp?: readonly { port: number; address: string; backlog?: number }[];
  readonly dns?: { address: string; zone: Readonly<Record<string, string>>; big?: readonly string[] };
  readonly hold?: number;
}

/** A process with a network of its own, as a container's first process has. It ends with the test's process. */
export interface Place {
  readonly pid: number;
  /** Runs a command with the place's network; returns what it printed. */
  run(command: string, ...words: string[]): string;
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('programs/place.mjs', import.meta.url));

/** Why no place can be made here, or undefined when one can. Said aloud, so that a skip is seen. */
export function whyNoPlaces(): string | undefined {
  try {
    execFileSync('unshare', ['-n', '-m', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const why = `no network namespace can be made here (root and iproute2 are needed): ${(error as Error).message}`;
    console.warn(`SKIPPED: ${why}`);
    return why;
  }
}

/** Opens a place; `setUp` is a line of shell that runs in it first, with a mount table of its own. */
export async function openPlace(task: PlaceTask = {}, setUp = 'true'): Promise<Place> {
  const script = `ip link set lo up && ${setUp} && exec "$0" "$@"`;
  const words = [process.execPath, PROGRAM, JSON.stringify(task)];
  return await placeOf(spawn('unshare', ['-n', '-m', 'sh', '-ec', script, ...words]));
}

/** A child that says `ready`; its stdin keeps it alive. */
export async function placeOf(child: ChildProcess): Promise<Place> {
  const problems: string[] = [];
  child.stderr?.on('data', (text) => problems.push(String(text)));
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data'),
    ended.then(() => Promise.reject(new Error(`the place ended: ${problems.join('')}`))),
  ]);
  const pid = child.pid as number;
  return {
    pid,
    run: (command, ...words) =>
      execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, command, ...words], {
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const mac = (host: number): string => `02:00:00:00:13:0${host}`;

/** A wire between two places: 10.213.7.1 and fd13::1 at the first, 10.213.7.2 and fd13::2 at the second. */
export function wire(first: Place, second: Place): void {
  const end = (place: Place): string[] => ['netns', String(place.pid)];
  const pair = ['type', 'veth', 'peer', 'name', 'wire', 'address', mac(2)];
  execFileSync('ip', ['link', 'add', 'wire', 'address', mac(1), ...end(first), ...pair, ...end(second)]);
  for (const [place, host] of [
    [first, 1],
    [second, 2],
  ] as const) {
    place.run('ip', 'addr', 'add', `10.213.7.${host}/24`, 'dev', 'wire');
    place.run('ip', 'addr', 'add', `fd13::${host}/64`, 'dev', 'wire', 'nodad');
    place.run('ip', 'link', 'set', 'wire', 'up');
    // The first question for a neighbour is lost while the other end comes up, and IPv6 asks again after 1 s.
    place.run('ip', 'neigh', 'add', `fd13::${3 - host}`, 'lladdr', mac(3 - host), 'dev', 'wire');
  }
}
