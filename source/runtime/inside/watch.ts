import { type Clock, repeat } from '../../clock.js';
import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { tryNetworkOf } from '../../linux/namespace/inside-network.js';
import type { Doors } from '../../probes/doors/doors.js';
import { createInsideProbe } from '../../probes/inside/inside-probe.js';
import { createMatrixProbe } from '../../probes/matrix/matrix-probe.js';
import type { Probe, ProbeOutcome } from '../../probes/probe.js';
import type { InsideSample } from '../../probes/samples.js';
import { readSocketCounters } from '../../probes/sockets/net-counters.js';
import type { WatchSettings } from '../../probes/watch-settings.js';
import { slowInside, slowMatrix } from './by-program.js';
import { CalmContainers } from './calm.js';
import { type Choice, chooseContainers, MOST_WATCHED, type Watched } from './choose.js';
import { DependencyGraph, MOST_EDGES } from './dependency-graph.js';
import { programsElsewhere } from './elsewhere.js';
import { lookupNames } from './lookup-names.js';
import { isFailing, isFailingLookup, Onset } from './onset.js';
import { pacedDnsProbe } from './paced-dns.js';
import { ContainerQuestions } from './questions.js';
import { toldEdges, toldNames } from './told.js';

/** How often it is looked which containers there are (ms). The engine knows from its events: nothing is asked. */
const LOOK_MS = 1_000;
/** A few containers are looked into more often than many (ms). */
const FEW = 10;
const INTERVAL_MS = { few: 2_000, many: 5_000, manyCalm: 8_000 } as const;
/** Often where there is little to try (ms). */
const MATRIX_MS = { few: 5_000, many: 10_000 } as const;
const FEW_EDGES = 100;
/** A target that failed is trouble for so long (ms): what a container's own connections showed may be over. */
const TROUBLE_MS = 30_000;
/** Queries a second of all resolutions together. */
const QUERIES_PER_SECOND = 10;

export interface InsideWatchParts {
  readonly engine: Pick<DockerEngine, 'list' | 'docker'>;
  readonly settings: Pick<WatchSettings, 'names' | 'edges'>;
  readonly clock: Clock;
  /** Turns at listeners, for all that connects to one. */
  readonly doors: Doors;
  /** Where probes are run; `drop` also says why nothing more is to be had of it. */
  readonly add: (probe: Probe<unknown>) => void;
  readonly drop: (id: string, reason: string) => void;
  /** Lets a probe run now instead of at its next turn. */
  readonly hurry: (id: string) => void;
}

export interface InsideWatch {
  /** Takes in what was seen, to know who needs whom. */
  take(outcome: ProbeOutcome): void;
  close(): void;
}

/**
 * Looks into every running container as long as it runs: a probe of its network, a probe of its lookups, and one
 * connectivity matrix.
 */
export function startInsideWatch(parts: InsideWatchParts): InsideWatch {
  const { engine, settings, clock } = parts;
  const known = new DependencyGraph();
  const questions = new ContainerQuestions(clock);
  const calm = new CalmContainers();
  let containers = new Map<string, DockerContainer>();
  let choice: Choice = { watched: [], left: 0 };
  let running = new Set<string>();
  let matrix = false;
  let troubledUntil = Number.NEGATIVE_INFINITY;

  const sourceOf = (name: string): Watched | undefined => choice.watched.find((one) => one.name === name);
  const namesFor = (name: string): readonly string[] => {
    const container = containers.get(name);
    if (!container) return [];
    const asks = questions.of(name);
    // A resolver that lets it wait is asked for what it needs, whichever it is.
    const edges = asks.waits ? known.edgesOf(name) : known.findable(name);
    const seen = lookupNames(container, edges, containers, asks);
    return [...new Set([...toldNames(settings.names, container), ...seen])];
  };
  const isTold = (name: string, asked: string): boolean => {
    const container = containers.get(name);
    return container !== undefined && toldNames(settings.names, container).includes(asked);
  };
  /** Asked of each container by all of them in each tick: worked out once a look. */
  let leastMs = 0;
  const leastNow = (): number => {
    const names = choice.watched.reduce((sum, { name }) => sum + namesFor(name).length, 0);
    return (1000 * 2 * names) / QUERIES_PER_SECOND;
  };

  const programs = programsElsewhere({
    docker: () => engine.docker,
    idOf: (name) => containers.get(name)?.id,
  });
  const probesOf = (name: string): Probe<unknown>[] => {
    const source = () => sourceOf(name);
    const intervalMs = (): number => {
      if (choice.watched.length <= FEW) return INTERVAL_MS.few;
      return calm.isCalm(name) && clock.now() >= troubledUntil ? INTERVAL_MS.manyCalm : INTERVAL_MS.many;
    };
    return [
      slowInside(createInsideProbe({ name, source, intervalMs, readFiles: programs.readFiles })),
      pacedDnsProbe(
        {
          ...{ name, source, names: () => namesFor(name), clock },
          learnt: () => questions.of(name).names,
          searches: (asked) => isTold(name, asked) || questions.searches(name, asked),
          timesAsked: (asked) => questions.timesAsked(name, asked),
          othersMs: (asked) => questions.othersMs(name, asked),
          lateAnswers: (asked) => questions.lateAnswers(name, asked),
          unheard: () => questions.unheard(name),
        },
        { leastMs: () => leastMs },
      ),
    ];
  };
  const addMatrix = (): void => {
    const probe = createMatrixProbe({
      sources: () => choice.watched,
      targets: () => known.targets(),
      wanted: (source, target) => known.because(source, target),
      spare: (target) => known.spare(target),
      about: (target) => known.about(target),
      // Once something fails every way is asked, whatever was seen of it before.
      shown: (source, target) =>
        clock.now() < troubledUntil ? undefined : known.shown(source, target, clock.wall()),
      // Among a few containers each way is soon asked.
      mayRest: () => known.edges.length > FEW_EDGES && clock.now() >= troubledUntil,
      knockElsewhere: programs.knock,
      doors: parts.doors,
      missing: () => leftOut(choice.left, known.left),
      mostCells: MOST_EDGES,
      clock,
    });
    parts.add(slowMatrix(probe, () => (known.edges.length <= FEW_EDGES ? MATRIX_MS.few : MATRIX_MS.many)));
  };

  const whyNot = (name: string): string =>
    containers.get(name)?.state === 'running'
      ? 'other containers are looked into instead'
      : 'it does not run';

  const look = (): void => {
    const all = engine.list();
    // Of a daemon that is away nothing is known: the containers may well run, and can be looked into.
    if (all.length > 0 && all.every(({ state }) => state === 'unknown')) return;
    containers = new Map(all.map((container) => [container.name, container]));
    choice = chooseContainers(all, running, { networkOf: tryNetworkOf, busyness });
    questions.look(choice.watched);
    leastMs = leastNow();
    const names = new Set(choice.watched.map(({ name }) => name));
    for (const name of running)
      if (!names.has(name)) for (const kind of ['inside', 'dns']) parts.drop(`${kind}:${name}`, whyNot(name));
    for (const name of names) if (!running.has(name)) for (const probe of probesOf(name)) parts.add(probe);
    running = names;
    known.update(all, [...names], toldEdges(settings.edges, all), clock.wall());
    if (known.edges.length > 0 && !matrix) addMatrix();
    if (known.edges.length === 0 && matrix) parts.drop('matrix', 'no container should reach another');
    matrix = known.edges.length > 0;
    if (choice.watched.length > FEW)
      for (const name of calm.look(choice.watched, clock.now())) parts.hurry(`inside:${name}`);
  };
  look();
  const stop = repeat(clock, LOOK_MS, look);
  const onset = new Onset();
  const lookupsFail = new Onset(isFailingLookup);
  return {
    take(outcome) {
      if (isFailing(outcome)) troubledUntil = clock.now() + TROUBLE_MS;
      // What the others are given at the same time tells a broken way from a broken server.
      if (lookupsFail.isBegunBy(outcome))
        for (const name of running) if (`dns:${name}` !== outcome.id) parts.hurry(`dns:${name}`);
      if (onset.isBegunBy(outcome)) {
        for (const id of ['matrix', ...[...running].map((name) => `dns:${name}`)]) parts.hurry(id);
        for (const name of running) if (calm.isCalm(name)) parts.hurry(`inside:${name}`);
      }
      if (outcome.ok && outcome.id.startsWith('inside:')) {
        known.saw(outcome.sample as InsideSample, clock.wall());
        questions.saw(outcome.sample as InsideSample);
        calm.saw(outcome.sample as InsideSample);
      }
    },
    close() {
      stop();
      questions.close();
    },
  };
}

function leftOut(containers: number, edges: number): string[] {
  return [
    ...(containers > 0
      ? [`${containers} more containers are not looked into: ${MOST_WATCHED} networks at most`]
      : []),
    ...(edges > 0 ? [`${edges} more connections are not tried: too many for one round`] : []),
  ];
}

/** Sockets in use in the network of a process. */
function busyness(pid: number): number {
  const counters = readSocketCounters(`/proc/${pid}/net`);
  return counters ? counters.inuse4 + (counters.inuse6 ?? 0) + counters.timeWait : 0;
}
