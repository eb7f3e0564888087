import type { DockerContainer } from '../../../engines/docker/containers/docker-container.js';
import { joinHostPort } from '../../../linux/ip-address.js';
import type { MatrixTarget } from '../sample.js';
import { dependsOn } from './compose.js';
import type { Peer } from './proven.js';
import type { EdgeReason } from './reason.js';

/** Networks on which nobody is meant to find anybody: they have no names for containers. */
const NAMELESS = new Set(['bridge', 'host', 'none', 'ingress', 'docker_gwbridge']);

export interface Edge {
  readonly source: string;
  readonly target: MatrixTarget;
  /** Container that the target is, or null. */
  readonly container: string | null;
  readonly because: EdgeReason;
}

export type EdgeContainer = Pick<
  DockerContainer,
  'name' | 'labels' | 'composeProject' | 'composeService' | 'publishedPorts' | 'state'
>;

/** Who needs whom, where it was said and not seen. */
export interface ConfiguredEdge {
  readonly source: string;
  /** Container. */
  readonly target: string;
  readonly port: number;
}

export interface EdgeFacts {
  /** Containers to connect from, by name. */
  readonly sources: readonly string[];
  readonly containers: readonly EdgeContainer[];
  /** Addresses of a container by network. */
  readonly placesOf: (name: string) => ReadonlyMap<string, string>;
  /** Ports that a container was seen to listen on; undefined when it cannot be looked into. */
  readonly portsOf: (name: string) => ReadonlySet<number> | undefined;
  readonly provenOf: (name: string) => readonly Peer[];
  readonly configured?: readonly ConfiguredEdge[];
  /** Edges given at most, the surest first. */
  readonly most: number;
}

/**
 * What each container should reach: what its sockets prove, what is configured, what compose says that it depends
 * on, and the services that share a network with it. Of one pair the surest reason counts; what was cut off is
 * counted in `left`.
 */
export function wantedEdges(facts: EdgeFacts): { readonly edges: readonly Edge[]; readonly left: number } {
  const known = new Map<string, Edge>();
  const byName = new Map(facts.containers.map((container) => [container.name, container]));
  const add = (edge: Edge | undefined): void => {
    if (!edge) return;
    const key = `${edge.source}\n${edge.target.name}`;
    if (!known.has(key)) known.set(key, edge);
  };
  const rules = [proven, configured, compose, neighbours];
  for (const rule of rules)
    for (const source of facts.sources) {
      const container = byName.get(source);
      if (container) for (const edge of rule(container, facts, byName)) add(edge);
    }
  const all = [...known.values()];
  return { edges: all.slice(0, facts.most), left: Math.max(0, all.length - facts.most) };
}

type Rule = (
  source: EdgeContainer,
  facts: EdgeFacts,
  byName: ReadonlyMap<string, EdgeContainer>,
) => readonly (Edge | undefined)[];

const proven: Rule = ({ name: source }, facts) =>
  facts.provenOf(source).map(({ container, address, port }) => {
    const because = 'seen' as const;
    const name = container === null ? joinHostPort(address, port) : `${container}:${port}`;
    // One in the host's own network shares none with the others, and reaches them.
    const asSeen = { source, target: { name, address, port }, container, because };
    return (container === null ? undefined : edgeTo(source, container, port, because, facts)) ?? asSeen;
  });

const configured: Rule = ({ name: source }, facts) =>
  (facts.configured ?? [])
    .filter((edge) => edge.source === source)
    .map(({ target, port }) => edgeTo(source, target, port, 'told', facts));

const compose: Rule = (source, facts) => {
  const services = new Set(dependsOn(source));
  if (source.composeProject === null || services.size === 0) return [];
  return facts.containers
    .filter(({ composeProject, composeService }) => {
      return composeProject === source.composeProject && services.has(composeService ?? '');
    })
    .flatMap((target) =>
      portsOf(target, facts).map((port) => edgeTo(source.name, target.name, port, 'compose', facts)),
    );
};

/** Replicas of one service serve others, not each other. */
const neighbours: Rule = (source, facts) =>
  facts.containers
    .filter((target) => target.name !== source.name && !isReplicaOf(target, source))
    .flatMap((target) =>
      portsOf(target, facts).map((port) => {
        const edge = edgeTo(source.name, target.name, port, 'shared-network', facts);
        return edge && NAMELESS.has(sharedNetwork(source.name, target.name, facts) ?? '') ? undefined : edge;
      }),
    );

function isReplicaOf(one: EdgeContainer, other: EdgeContainer): boolean {
  return (
    one.composeService !== null &&
    one.composeService === other.composeService &&
    one.composeProject === other.composeProject
  );
}

/** TCP ports that serve: published ones, exposed ones that it listens on, and, where none is exposed, its listeners. */
function portsOf({ name, publishedPorts }: EdgeContainer, facts: EdgeFacts): number[] {
  const tcp = publishedPorts.filter(({ protocol }) => protocol === 'tcp');
  const listening = facts.portsOf(name);
  const serves = tcp.filter(({ port, hostPort }) => hostPort !== null || (listening?.has(port) ?? true));
  const ports = tcp.length > 0 ? serves.map(({ port }) => port) : [...(listening ?? [])];
  return [...new Set(ports)].sort((a, b) => a - b);
}

function edgeTo(
  source: string,
  container: string,
  port: number,
  because: EdgeReason,
  facts: EdgeFacts,
): Edge | undefined {
  const network = sharedNetwork(source, container, facts);
  const address = network === undefined ? undefined : facts.placesOf(container).get(network);
  if (address === undefined || source === container) return undefined;
  return { source, target: { name: `${container}:${port}`, address, port }, container, because };
}

/** One with names before one without. */
function sharedNetwork(one: string, other: string, { placesOf }: EdgeFacts): string | undefined {
  const mine = placesOf(one);
  const shared = [...placesOf(other).keys()].filter((network) => mine.has(network)).sort();
  return shared.find((network) => !NAMELESS.has(network)) ?? shared[0];
}
