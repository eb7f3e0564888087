import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import { Listeners } from '../../probes/matrix/edges/listeners.js';
import { Places } from '../../probes/matrix/edges/places.js';
import { ProvenPeers } from '../../probes/matrix/edges/proven.js';
import type { EdgeReason } from '../../probes/matrix/edges/reason.js';
import { type Shown, ShownWays } from '../../probes/matrix/edges/shown.js';
import { type ConfiguredEdge, type Edge, wantedEdges } from '../../probes/matrix/edges/wanted-edges.js';
import type { InsideSample, MatrixTarget } from '../../probes/samples.js';

/** Connections tried in one round at most, the surest edges first. */
export const MOST_EDGES = 200;

/** While nothing is new, edges are worked out anew so often (ms): with 200 containers that takes 20 ms. */
const UNCHANGED_MS = 10_000;

/** Docker's resolver, as every container on a network with names sees it. */
const DOCKER_RESOLVER = '127.0.0.11';

/** Who needs whom among the containers, as far as was seen and said until now. */
export class DependencyGraph {
  private readonly places = new Places();
  private readonly listeners = new Listeners();
  private readonly proven = new ProvenPeers();
  private readonly ways = new ShownWays();
  private containers: readonly DockerContainer[] = [];
  private sources: readonly string[] = [];
  /** A listener or a peer was seen that was not known. */
  private news = true;
  private updatedAt = Number.NEGATIVE_INFINITY;
  private wanted = new Map<string, Edge>();
  private byTarget = new Map<string, string>();
  private readonly askingDocker = new Set<string>();
  edges: readonly Edge[] = [];
  /** Edges beyond the bound. */
  left = 0;

  /** Takes in which containers there are; `sources` are those that can be connected from. `now` is wall-clock ms. */
  update(
    containers: readonly DockerContainer[],
    sources: readonly string[],
    configured: readonly ConfiguredEdge[],
    now: number,
  ): void {
    const news = this.news || !sameItems(containers, this.containers) || !sameItems(sources, this.sources);
    if (!news && now - this.updatedAt < UNCHANGED_MS) return;
    this.news = false;
    this.updatedAt = now;
    this.containers = containers;
    this.sources = sources;
    const names = new Set(containers.map(({ name }) => name));
    this.places.update(containers, now);
    this.listeners.keepOnly(names);
    this.proven.keepOnly(names);
    this.ways.keepOnly(names);
    for (const name of this.askingDocker) if (!names.has(name)) this.askingDocker.delete(name);
    const { edges, left } = wantedEdges({
      ...{ sources, containers, configured, most: MOST_EDGES },
      placesOf: (name) => this.places.of(name),
      portsOf: (name) => this.listeners.portsOf(name),
      provenOf: (name) => this.proven.of(name),
    });
    this.edges = edges;
    this.left = left;
    this.wanted = new Map(edges.map((edge) => [keyOf(edge.source, edge.target), edge]));
    this.byTarget = new Map(
      edges.flatMap(({ target, container }) => (container === null ? [] : [[placeOf(target), container]])),
    );
  }

  /** Takes in what a container showed of itself. */
  saw(sample: InsideSample, now: number): void {
    const before = this.knownOf(sample.name);
    this.listeners.saw(sample);
    this.ways.saw(sample, now);
    this.proven.saw(sample, (address) => this.places.ownerOf(address), now);
    if (this.knownOf(sample.name) !== before) this.news = true;
    if (sample.resolver?.nameservers.includes(DOCKER_RESOLVER)) this.askingDocker.add(sample.name);
    else this.askingDocker.delete(sample.name);
  }

  private knownOf(name: string): number {
    return (this.listeners.portsOf(name)?.size ?? -1) + this.proven.of(name).length;
  }

  /** Edges to containers that the source could find by name: Docker's own resolver knows them, no other has to. */
  findable(source: string): readonly Edge[] {
    return this.askingDocker.has(source) ? this.edgesOf(source) : [];
  }

  /** Edges that begin there. */
  edgesOf(source: string): readonly Edge[] {
    return this.edges.filter((edge) => edge.source === source);
  }

  /** Each once. */
  targets(): MatrixTarget[] {
    return [
      ...new Map(this.edges.map(({ target }) => [`${target.name} ${placeOf(target)}`, target])).values(),
    ];
  }

  because(source: string, target: MatrixTarget): EdgeReason | undefined {
    return this.wanted.get(keyOf(source, target))?.because;
  }

  /** What a source's own connections show of the way to a target; undefined where it has to be asked. */
  shown(source: string, target: MatrixTarget, now: number): Shown | undefined {
    return this.ways.of(source, target, now);
  }

  /** What the engine knows of a target, where that is why it is not reached. */
  about(target: MatrixTarget): string | undefined {
    const name = this.byTarget.get(placeOf(target));
    const container = this.containers.find((one) => one.name === name);
    if (!container) return undefined;
    if (container.status !== 'running') return `${container.name} is ${container.status}`;
    const isThere = container.networks.some(({ address }) => address === target.address);
    return isThere ? undefined : `${container.name} has left the network on which it had that address`;
  }

  /** Why a target is better left alone now. */
  spare(target: MatrixTarget): string | undefined {
    const name = this.byTarget.get(placeOf(target));
    if (name === undefined) return undefined;
    if (this.containers.find((container) => container.name === name)?.state === 'paused')
      return `${name} is paused: the kernel would take the connection, and nobody would answer it`;
    const stuck = this.listeners.stuckAt(name, target.port);
    return stuck === undefined
      ? undefined
      : `${stuck} connections wait there to be accepted and none is: one more would only fill the queue`;
  }
}

function sameItems<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((item, i) => item === others[i]);
}

const placeOf = ({ address, port }: MatrixTarget): string => `${address} ${port}`;
const keyOf = (source: string, target: MatrixTarget): string =>
  `${source}\n${target.name}\n${placeOf(target)}`;
