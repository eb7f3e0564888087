import type Docker from 'dockerode';
import { runInContainer } from '../../engines/docker/containers/run-in-container.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { toolboxRecipe } from '../../engines/docker/images/toolbox-image.js';
import { reasonOf } from '../../engines/docker/link/deadline.js';
import { runToolbox } from '../../faults/agent/toolbox.js';
import type { ReadFilesInside } from '../../probes/inside/inside-probe.js';
import {
  type Files,
  MOST_OUTPUT,
  READ_WITH_CAT,
  READ_WITH_SHELL,
  splitFiles,
} from '../../probes/inside/reader/files.js';
import type { KnockElsewhere } from '../../probes/matrix/knock-batches.js';
import { knockCommand, MOST_DOORS, parseKnocks } from '../../probes/matrix/knock-program.js';
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

/** Runs programs for us in the networks of containers. */
export interface Programs {
  /**
   * Looks into a network: by `docker exec` where the container has a shell or `cat`, else by a container of the
   * toolbox that joins it, where that image is there already: a look builds nothing.
   */
  readonly readFiles: ReadFilesInside;
  /** Tries connections from there, by a container of the toolbox: few images have what it takes. */
  readonly knock: KnockElsewhere;
}

/** Programs that the daemon runs where we may not enter; two at once, and Unavailable where none can be run. */
export function programsElsewhere({ docker, idOf }: Elsewhere): Programs {
  const inTurn = turns(MOST_AT_ONCE);
  // Two programs might meet at one listener.
  const knocking = turns(1);
  const placeOf = (name: string): Place => {
    const client = docker();
    const id = idOf(name);
    if (client === null || id === undefined)
      throw new Unavailable('not-configured', `${name}: it does not run, or its daemon is away`);
    return { docker: client, id, name };
  };
  return {
    readFiles: (name, signal) =>
      inTurn(async () => {
        signal.throwIfAborted();
        const place = placeOf(name);
        const inContainer = await readByExec(place, signal);
        if ('files' in inContainer) return { by: 'docker exec', files: inContainer.files };
        const files = splitFiles(
          await runByToolbox(place, READ_WITH_SHELL, `docker exec: ${inContainer.why}; and `),
        );
        if (!files.has('/proc/net/snmp'))
          throw new Unavailable('failed', `${name}: the toolbox container read nothing`);
        return { by: 'toolbox container', files };
      }),
    knock: (name, doors, { patienceMs, signal }) =>
      knocking(async () => {
        signal.throwIfAborted();
        const some = doors.slice(0, MOST_DOORS);
        const output = await runByToolbox(placeOf(name), knockCommand(some, patienceMs), '');
        return parseKnocks(output, some);
      }),
  };
}

interface Place {
  readonly docker: Docker;
  readonly id: string;
  readonly name: string;
}

/** At most so many at once; the others wait their turn. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** Not every image has a shell, and not every shell's image `cat`; what is not told is why. */
async function readByExec(
  { docker, id }: Place,
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

/** Output of a program of the toolbox in the network of a container. */
async function runByToolbox(
  { docker, id, name }: Place,
  command: readonly string[],
  before: string,
): Promise<string> {
  const { tag } = toolboxRecipe();
  if (!(await hasImage(docker, tag)))
    throw new Unavailable(
      'not-readable',
      `${name}: ${before}the toolbox image is not there to join its network`,
      'sudo faultline   # on the host of its containers',
    );
  const end = await runToolbox(
    docker,
    {
      ...{ image: tag, command, network: id, pid: null, capabilities: [], socket: null },
      name: `faultline-look-${id.slice(0, 12)}-${process.pid}-${++looks}`,
      labels: { [LOOK_LABEL]: name },
    },
    TOOLBOX_MS,
  );
  if (end.code !== 0 && end.output === '')
    throw new Unavailable(
      'failed',
      `${name}: the toolbox container ended with ${end.code ?? 'no code'}: ${end.errors.slice(0, 200)}`,
    );
  return end.output;
}

/** Two looks at one container must not have one name. */
let looks = 0;
