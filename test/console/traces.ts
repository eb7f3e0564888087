import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../helpers/until.js';

/** What a running session has on this machine; read from /proc itself, not through the program's own eyes. */
export interface Traces {
  /** Processes below the console, each with the time it started, which makes it unmistakable. */
  readonly processes: readonly { readonly pid: number; readonly name: string; readonly started: string }[];
  /** TCP ports that these listen on. */
  readonly ports: readonly number[];
  /** Temporary directories of labs. */
  readonly folders: readonly string[];
}

/** A state directory for one session: what is left in it afterwards was left by that session. */
export function stateFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'faultline-state-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Everything that the console `pid` has started and opened so far. */
export function readTraces(pid: number, state: string): Traces {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const family = new Set([pid]);
  for (const member of family)
    for (const { pid: child, parent } of all) if (parent === member) family.add(child);
  const sockets = new Set([...family].flatMap(socketsOf));
  return {
    processes: all
      .filter((one) => family.has(one.pid))
      .map(({ pid: id, name, started }) => ({ pid: id, name, started })),
    ports: [...new Set(listeners().flatMap(({ port, inode }) => (sockets.has(inode) ? [port] : [])))],
    folders: manifests(state).map(
      (path) => (JSON.parse(readFileSync(path, 'utf8')) as { tempDir: string }).tempDir,
    ),
  };
}

/** What of it is still there, in words; empty when nothing is left. */
export function leftOf(traces: Traces, state: string): string[] {
  const open = new Set(listeners().map(({ port }) => port));
  return [
    ...traces.processes
      .filter(({ pid, started }) => statOf(pid)?.started === started)
      .map(({ pid, name }) => `process ${pid} (${name})`),
    ...traces.ports.filter((port) => open.has(port)).map((port) => `port ${port}`),
    ...traces.folders.filter((path) => existsSync(path)),
    ...manifests(state),
    ...filesIn(join(state, 'journal')),
  ];
}

/** `leftOf` once it is empty, or as it is after `withinMs`: whoever cleans up may need a moment. */
export async function leftAfter(traces: Traces, state: string, withinMs?: number): Promise<string[]> {
  await eventually(() => leftOf(traces, state).length === 0, withinMs);
  return leftOf(traces, state);
}

/** After a failed test: ends and removes what the program should have, so that the next one starts on clean ground. */
export function sweep(traces: Traces): void {
  for (const { pid, started } of traces.processes)
    if (statOf(pid)?.started === started) process.kill(pid, 'SIGKILL');
  for (const path of traces.folders) rmSync(path, { recursive: true, force: true });
}

const manifests = (state: string): string[] => filesIn(join(state, 'labs'));

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** One line of /proc/<pid>/stat; undefined for a process that has ended, one that nobody has waited for included. */
function statOf(pid: number): { pid: number; name: string; parent: number; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    return { pid, name, parent: Number(fields[1]), started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Sockets in state LISTEN (0A) of /proc/net/tcp. */
function listeners(): { port: number; inode: string }[] {
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => ({ port: Number.parseInt(fields[1]?.split(':')[1] ?? '', 16), inode: fields[9] ?? '' }));
}
