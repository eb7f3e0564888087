import type Docker from 'dockerode';
import { runInContainer } from '../../engines/docker/containers/run-in-container.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { recipeOf } from '../../engines/docker/images/recipe.js';
import { reasonOf } from '../../engines/docker/link/deadline.js';
import { runToolbox } from '../../faults/docker/toolbox/toolbox-container.js';
import type { ReadFilesInside } from '../../probes/inside/inside-probe.js';
import {
  type Files,
  MOST_OUTPUT,
  READ_WITH_CAT,
  READ_WITH_SHELL,
  splitFiles,
} from '../../probes/inside/reader/files.js';
import { Unavailable } from '../../probes/probe.js';

/** A container of the toolbox is there and gone within this time (ms). */
const TOOLBOX_MS = 12_000;
/** Looks of this kind at once: each starts a process, or a container. */
const MOST_AT_ONCE = 2;
/** Marks the containers that only look, for who lists them. */
const LOOK_LABEL = 'faultline.look';

export interface Elsewhere {
  /** The daemon's client, or null while it is away. */
  readonly docker: () => Docker | null;
  /** Full id of a container that runs, by its name. */
  readonly idOf: (name: string) => string | undefined;
}

/**
 * Looks into networks that we may not enter, by programs that the daemon runs: `docker exec` where the container has
 * a shell or `cat`, else a container of the toolbox that joins its network, where that image is there already: a look
 * builds nothing.
 */
export function readElsewhere({ docker, idOf }: Elsewhere): ReadFilesInside {
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= MOST_AT_ONCE) await new Promise<void>((go) => waiting.push(go));
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };

  return (name, signal) =>
    inTurn(async () => {
      const client = docker();
      const id = idOf(name);
      if (client === null || id === undefined)
        throw new Unavailable('not-configured', `${name}: it does not run, or its daemon is away`);
      signal.throwIfAborted();
      const inContainer = await readByExec(client, id, signal);
      if ('files' in inContainer) return { by: 'docker exec', files: inContainer.files };
      return { by: 'toolbox container', files: await readByToolbox(client, id, name, inContainer.why) };
    });
}

/** Not every image has a shell, and not every shell's image `cat`; what is not told is why. */
async function readByExec(
  docker: Docker,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly files: Files } | { readonly why: string }> {
  const run = (command: readonly string[]) =>
    runInContainer(docker, id, { command, signal, mostBytes: MOST_OUTPUT });
  let why = 'it has neither a shell nor cat';
  try {
    const files = splitFiles((await run(READ_WITH_SHELL)).output);
    if (files.has('/proc/net/snmp')) return { files };
  } catch (error) {
    signal.throwIfAborted();
    why = reasonOf(error);
  }
  const files = new Map<string, string>();
  for (const [file, command] of READ_WITH_CAT) {
    const { code, output } = await run(command).catch(() => ({ code: null, output: '' }));
    signal.throwIfAborted();
    if (code === 0) files.set(file, output);
    // Without cat none of them can be read.
    else if (file === READ_WITH_CAT[0]?.[0]) return { why };
  }
  return { files };
}

async function readByToolbox(docker: Docker, id: string, name: string, why: string): Promise<Files> {
  const { tag } = recipeOf('toolbox');
  if (!(await hasImage(docker, tag)))
    throw new Unavailable(
      'not-readable',
      `${name}: docker exec: ${why}; and the toolbox image is not there to join its network`,
      'run faultline as root on the host of its containers',
    );
  const end = await runToolbox(
    docker,
    {
      image: tag,
      name: `faultline-look-${id.slice(0, 12)}-${process.pid}`,
      command: READ_WITH_SHELL,
      labels: { [LOOK_LABEL]: name },
      network: id,
      pid: null,
      capabilities: [],
      socket: null,
    },
    TOOLBOX_MS,
  );
  const files = splitFiles(end.output);
  if (!files.has('/proc/net/snmp'))
    throw new Unavailable('failed', `${name}: the toolbox container read nothing: ${end.errors || end.code}`);
  return files;
}
