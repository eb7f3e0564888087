import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import type { DockerLab } from '../../labs/lab.js';
import type { ConfiguredEdge } from '../../probes/matrix/edges/wanted-edges.js';

/** TCP ports as the lab's programs listen on them (their image has no EXPOSE: this is who needs whom, not a guess). */
const PORTS = { gateway: 80, app: 5000, postgres: 5432, redis: 6379, resolver: 53 } as const;
/** Who has this label with the same value belongs to one lab. */
const LAB_LABEL = 'faultline.lab';

type Labelled = Pick<DockerContainer, 'name' | 'labels' | 'composeService'>;

/** The containers of one lab, without those of the host's others. */
export function containersOfLab<C extends Labelled>(lab: DockerLab, containers: readonly C[]): readonly C[] {
  // Any of them will do: one that was removed must not hide the others.
  const members = new Set(['gateway', 'postgres', 'redis', 'resolver'].map((name) => lab.container(name)));
  const id = containers.find(({ name }) => members.has(name))?.labels[LAB_LABEL];
  return id === undefined ? [] : containers.filter(({ labels }) => labels[LAB_LABEL] === id);
}

/** Who needs whom on the lab: its applications connect for each request, so that their sockets seldom show it. */
export function labEdges(lab: DockerLab, containers: readonly Labelled[]): ConfiguredEdge[] {
  const apps = containers.filter((one) => isApp(lab, one)).map(({ name }) => name);
  const services = (['postgres', 'redis', 'resolver'] as const).map((name) => ({
    target: lab.container(name),
    port: PORTS[name],
  }));
  const gateway = lab.container('gateway');
  return [
    { source: lab.container('visitors'), target: gateway, port: PORTS.gateway },
    ...apps.flatMap((app) => [
      { source: gateway, target: app, port: PORTS.app },
      ...services.map((service) => ({ source: app, ...service })),
    ]),
  ];
}

/** Names that the lab's application asks for; its other containers ask for none. */
export function labNames(lab: DockerLab, container: Labelled): readonly string[] {
  return isApp(lab, container) ? [lab.addresses.databaseName, 'redis.lab.internal'] : [];
}

/** By the service's own name: `group` is another where a second lab is on this host. */
function isApp(lab: DockerLab, { composeService }: Labelled): boolean {
  return composeService === lab.app;
}
