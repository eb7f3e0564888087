import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { z } from 'zod';
import { reasonOf, statusOf, withDeadline } from '../../engines/docker/link/deadline.js';

/** Milliseconds for a call that a sound daemon answers in tens of them; one that saves an image takes its time. */
export const CALL_MS = 30_000;
/** The daemon waits longer before each: 0.1 s, 0.2 s … 51 s before the tenth (moby restartmanager). */
const MOST_STARTS = 10;
const MOST_TEXT = 1 << 20;
/** Labels of what runs from the toolbox for a moment, or for a fault. */
const OUR_LABELS = ['faultline.look', 'faultline.fault'];
/** Seconds after which one that does not run was left by a console that was killed between making and starting it. */
const LEFT_AFTER_S = 120;

/** What a container of the toolbox is given, besides its program: no more than it needs. */
export interface ToolboxWants {
  readonly image: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Id of the container whose network (and, with `pid`, processes) it joins; null: no network. */
  readonly network: string | null;
  readonly pid: string | null;
  readonly capabilities: readonly string[];
  /** Path of the daemon's socket on the daemon's machine, for the agent that must call it; else null. */
  readonly socket: string | null;
  readonly user?: string;
  /**
   * The daemon starts it again when it failed, was killed, or the daemon itself was restarted; it then removes itself.
   * Default: it runs once, and the daemon removes it.
   */
  readonly startedAgain?: boolean;
}

export interface ToolboxEnd {
  /** Exit code; null when the connection to the daemon was lost before it was told. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A container of ours that removes itself when it ends. */
export interface ToolboxContainer {
  readonly id: string;
  readonly name: string;
  start(): Promise<void>;
  /** Its end, or the loss of the connection. Never rejects. */
  readonly ended: Promise<ToolboxEnd>;
}

/**
 * Creates a container of the toolbox and listens to it; it does nothing until it is started. Read-only, without
 * capabilities but those asked for, small limits. Rejects with the daemon's words.
 */
export async function createToolboxContainer(
  docker: Docker,
  wants: ToolboxWants,
  onLine?: (line: string) => void,
): Promise<ToolboxContainer> {
  const container = await withDeadline(CALL_MS, (abortSignal) =>
    docker.createContainer({ ...settingsOf(wants), abortSignal }),
  );
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const output = textOf(new PassThrough(), onLine);
    const errors = textOf(new PassThrough());
    docker.modem.demuxStream(stream, output.stream, errors.stream);
    const closed = new Promise<void>((resolve) => {
      for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
    });
    // Asked before it starts: one that has removed itself can no longer be asked.
    const exit = container.wait({ condition: 'next-exit' }).then(
      (answer: { StatusCode: number }) => answer.StatusCode,
      () => null,
    );
    const ended = Promise.all([exit, closed]).then(([code]) => ({
      code,
      output: output.text(),
      errors: errors.text(),
    }));
    return {
      id: container.id,
      name: wants.name,
      ended,
      start: () => withDeadline(CALL_MS, (abortSignal) => container.start({ abortSignal })),
    };
  } catch (error) {
    await removeContainer(docker, container.id);
    throw error;
  }
}

/** Runs a program of the toolbox to its end. Rejects when that takes longer than `ms`, and removes it then. */
export async function runToolbox(docker: Docker, wants: ToolboxWants, ms: number): Promise<ToolboxEnd> {
  const container = await createToolboxContainer(docker, wants);
  let timer: NodeJS.Timeout | undefined;
  try {
    await container.start();
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, ms, null);
    });
    const end = await Promise.race([container.ended, late]);
    if (end !== null) return end;
    throw new Error(`${wants.name}: not done within ${ms / 1_000} s`);
  } catch (error) {
    await removeContainer(docker, container.id);
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** What a look is taken with: the daemon, and the toolbox image, there already. */
export interface Toolbox {
  readonly docker: Docker;
  readonly image: string;
}

/**
 * Looks through a program of the toolbox in the namespaces of a target or, without one, in a network that is thrown
 * away; the one JSON object that it prints is checked. Rejects with its last words, or when it takes longer than `ms`.
 */
export async function lookThrough<Answer>(
  { docker, image }: Toolbox,
  look: {
    /** Full id, and name for a person. */
    readonly target: { readonly id: string; readonly name: string } | null;
    readonly command: readonly string[];
    readonly ms: number;
    readonly shape: z.ZodType<Answer>;
  },
): Promise<Answer> {
  const id = look.target?.id ?? null;
  const wants: ToolboxWants = {
    image,
    name: `faultline-look-${randomBytes(6).toString('hex')}`,
    command: look.command,
    labels: { 'faultline.look': id ?? 'nothing' },
    network: id,
    pid: id,
    capabilities: ['NET_ADMIN', 'NET_RAW'],
    socket: null,
  };
  const { code, output, errors } = await runToolbox(docker, wants, look.ms);
  if (code === 0) return look.shape.parse(JSON.parse(output));
  const why = errors.trim().split('\n').at(-1)?.slice(0, 300) || `exit code ${code}`;
  throw new Error(`${look.target?.name ?? "Docker's machine"} could not be looked into: ${why}`);
}

/** Removes a container, running or not; that it is gone already is no error, nor is any other. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  await withDeadline(CALL_MS, (abortSignal) =>
    docker.getContainer(id).remove({ force: true, abortSignal }),
  ).catch(() => {});
}

/**
 * Removes containers of the toolbox that do not run and never will: the daemon removes only those that ran. What they
 * had to undo is in the journal. Says how many. Rejects when the daemon cannot be asked.
 */
export async function sweepToolbox(docker: Docker): Promise<number> {
  const stale = await Promise.all(
    OUR_LABELS.map(async (label) => {
      const filters = { label: [label], status: ['created', 'exited', 'dead'] };
      const listed = await withDeadline(CALL_MS, (abortSignal) =>
        docker.listContainers({ all: true, filters, abortSignal }),
      );
      return listed.filter(({ Created }) => Date.now() / 1_000 - Created > LEFT_AFTER_S).map(({ Id }) => Id);
    }),
  );
  const ids = [...new Set(stale.flat())];
  for (const id of ids) await removeContainer(docker, id);
  return ids.length;
}

/** Whether the daemon said that there is no such container. */
export const isGone = (error: unknown): boolean => statusOf(error) === 404;

function settingsOf(wants: ToolboxWants): Docker.ContainerCreateOptions {
  const { image, name, command, labels, network, pid, capabilities, socket, user } = wants;
  return {
    name,
    Image: image,
    Cmd: [...command],
    Labels: { ...labels },
    AttachStdout: true,
    AttachStderr: true,
    StopTimeout: 30,
    ...(user === undefined ? {} : { User: user }),
    HostConfig: {
      ...(wants.startedAgain
        ? { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: MOST_STARTS } }
        : { AutoRemove: true }),
      NetworkMode: network === null ? 'none' : `container:${network}`,
      PidMode: pid === null ? '' : `container:${pid}`,
      CapDrop: ['ALL'],
      CapAdd: [...capabilities],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      // iptables locks a file there.
      Tmpfs: { '/run': 'rw,noexec,nosuid,nodev,size=256k' },
      Binds: socket === null ? [] : [`${socket}:/var/run/docker.sock`],
      Memory: 96 << 20,
      PidsLimit: 64,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
    },
  };
}

/** Collects a stream's text, up to a bound, and hands out its lines. */
function textOf(stream: PassThrough, onLine?: (line: string) => void) {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < MOST_TEXT) text += chunk;
    // What is held is not looked at again: a program that writes no newline costs no more than one that does.
    const [end = '', ...lines] = chunk.split('\n');
    if (rest.length < MOST_TEXT) rest += end;
    for (const line of lines) {
      onLine?.(rest);
      rest = line;
    }
  });
  return { stream, text: () => text };
}
