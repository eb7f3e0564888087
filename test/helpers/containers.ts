import type { DockerContainer } from '../../source/engines/docker/containers/docker-container.js';

/** A running container as the engine lists it, on the network `shop` unless said otherwise. */
export function container(name: string, more: Partial<DockerContainer> = {}): DockerContainer {
  return {
    id: name.padEnd(64, '0'),
    name,
    state: 'running',
    status: 'running',
    pid: 4711,
    startedAt: 0,
    restarts: 0,
    lastExit: null,
    ports: [],
    health: 'none',
    image: 'image',
    labels: {},
    composeProject: null,
    composeService: null,
    networks: [{ name: 'shop', address: null }],
    networkMode: 'shop',
    publishedPorts: [],
    limits: { memoryBytes: null, cpus: null, pids: null },
    restartPolicy: 'no',
    oomKills: 0,
    tty: false,
    detailed: true,
    ...more,
  };
}

export const on = (network: string, address: string | null) => ({
  networks: [{ name: network, address }],
  networkMode: network,
});

export const exposed = (...ports: number[]) => ({
  publishedPorts: ports.map((port) => ({ protocol: 'tcp', port, hostAddress: null, hostPort: null })),
});
