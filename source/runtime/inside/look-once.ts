import type { Clock } from '../../clock.js';
import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { type Probe, Unavailable } from '../../probes/probe.js';
import { runProbe } from '../../probes/run-probe.js';
import type { WatchSettings } from '../../probes/watch-settings.js';
import { ownDoors } from '../listeners-here.js';
import { startInsideWatch } from './watch.js';

/** Connectivity is worked out a second after the containers were looked into; a busy machine takes longer (ms). */
const MATRIX_MS = 3_000;

export interface LookOnce {
  readonly engine: DockerEngine;
  readonly settings: WatchSettings;
  readonly clock: Clock;
  readonly abort: AbortController;
}

/** One of the probes that look into containers. Throws Unavailable where there is none, and says why. */
export async function probeInside(
  id: 'inside' | 'lookups' | 'matrix',
  container: string | undefined,
  { engine, settings, clock, abort }: LookOnce,
): Promise<Probe<unknown>> {
  const probes = new Map<string, Probe<unknown>>();
  let onMatrix: () => void = () => undefined;
  const watch = startInsideWatch({
    ...{ engine, settings, clock },
    doors: ownDoors(engine, clock),
    add(probe) {
      probes.set(probe.id, probe);
      if (probe.id === 'matrix') onMatrix();
    },
    drop: () => undefined,
    hurry: () => undefined,
  });
  try {
    if (id !== 'matrix') return oneOf(id, container ?? '', probes, engine);
    const there = new Promise<void>((done) => {
      onMatrix = done;
    });
    const looks = [...probes.values()].filter((probe) => probe.id.startsWith('inside:'));
    for (const outcome of await Promise.all(looks.map((probe) => runProbe(probe, abort, clock))))
      watch.take(outcome);
    const late = new Promise<void>((done) => {
      clock.setTimeout(done, MATRIX_MS);
    });
    if (!probes.has('matrix')) await Promise.race([there, late]);
    const matrix = probes.get('matrix');
    if (matrix) return matrix;
    throw new Unavailable(
      'not-configured',
      looks.length === 0 ? 'no container runs here' : 'no container was seen to need another',
      'faultline probe matrix --edge SOURCE,TARGET:PORT',
    );
  } finally {
    watch.close();
  }
}

function oneOf(
  id: 'inside' | 'lookups',
  container: string,
  probes: ReadonlyMap<string, Probe<unknown>>,
  engine: DockerEngine,
): Probe<unknown> {
  const meant = engine
    .list()
    .filter(({ name, composeService }) => name === container || composeService === container);
  const kind = id === 'inside' ? 'inside' : 'dns';
  for (const { name } of meant) {
    const probe = probes.get(`${kind}:${name}`);
    if (probe) return probe;
  }
  const there = [...probes.keys()].flatMap((probe) => /^inside:(.*)$/s.exec(probe)?.[1] ?? []);
  const known = there.length === 0 ? 'none runs here' : `there are ${likeFirst(container, there)}`;
  throw new Unavailable(
    'not-configured',
    meant.length === 0
      ? `no container is called ${container}: ${known}`
      : `${container} does not run, or is in the network of another: ${known}`,
  );
}

/** As many names as a line has room for. */
const MOST_NAMED = 6;

/** Names that begin as the one that was asked for, then the others. */
function likeFirst(asked: string, names: readonly string[]): string {
  const alike = (name: string): number => {
    const apart = [...name].findIndex((letter, i) => letter !== asked[i]);
    return apart === -1 ? name.length : apart;
  };
  const sorted = [...names].sort((a, b) => alike(b) - alike(a) || (a < b ? -1 : 1));
  const rest = sorted.length - MOST_NAMED;
  return `${sorted.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
