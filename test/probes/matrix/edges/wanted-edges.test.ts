import { describe, expect, it } from 'vitest';
import type { DockerContainer } from '../../../../source/engines/docker/containers/docker-container.js';
import type { Peer } from '../../../../source/probes/matrix/edges/proven.js';
import { type ConfiguredEdge, wantedEdges } from '../../../../source/probes/matrix/edges/wanted-edges.js';
import { container, exposed, on } from '../../../helpers/containers.js';

interface Stage {
  readonly containers: readonly DockerContainer[];
  readonly proven?: Readonly<Record<string, readonly Peer[]>>;
  readonly listening?: Readonly<Record<string, readonly number[]>>;
  readonly configured?: readonly ConfiguredEdge[];
  readonly most?: number;
}

function edges({ containers, proven = {}, listening = {}, configured = [], most = 100 }: Stage) {
  const result = wantedEdges({
    ...{ containers, configured, most },
    sources: containers.map(({ name }) => name),
    placesOf: (name) =>
      new Map(
        containers
          .find((one) => one.name === name)
          ?.networks.flatMap(({ name: network, address }) => (address ? [[network, address] as const] : [])),
      ),
    portsOf: (name) => (listening[name] ? new Set(listening[name]) : undefined),
    provenOf: (name) => proven[name] ?? [],
  });
  const rows = result.edges.map(
    ({ source, target, because }) => `${source} ${target.name} ${target.address} ${because}`,
  );
  return { rows, left: result.left };
}

const api = container('api', on('shop', '10.0.0.2'));
const db = container('db', { ...on('shop', '10.0.0.3'), ...exposed(5432) });

describe('wantedEdges', () => {
  it('takes neighbours on a network with names to reach what is exposed there', () => {
    expect(edges({ containers: [api, db] }).rows).toEqual(['api db:5432 10.0.0.3 shared-network']);
  });

  it('takes nobody to reach a neighbour of the default bridge, or of no network', () => {
    const containers = [
      container('api', on('bridge', '172.17.0.2')),
      container('db', { ...on('bridge', '172.17.0.3'), ...exposed(5432) }),
      container('alone', { ...on('other', '10.9.0.2'), ...exposed(80) }),
    ];
    expect(edges({ containers }).rows).toEqual([]);
  });

  it('leaves out an exposed port that nobody listens on, and takes one that is published anyway', () => {
    const both = container('web', {
      ...on('shop', '10.0.0.4'),
      publishedPorts: [
        { protocol: 'tcp', port: 80, hostAddress: null, hostPort: 8080 },
        { protocol: 'tcp', port: 443, hostAddress: null, hostPort: null },
        { protocol: 'udp', port: 443, hostAddress: null, hostPort: null },
      ],
    });
    const { rows } = edges({ containers: [api, both], listening: { web: [9000] } });
    expect(rows).toEqual(['api web:80 10.0.0.4 shared-network']);
  });

  it('goes by the listeners of one that exposes nothing', () => {
    const plain = container('plain', on('shop', '10.0.0.5'));
    expect(edges({ containers: [api, plain], listening: { plain: [7000] } }).rows).toEqual([
      'api plain:7000 10.0.0.5 shared-network',
    ]);
  });

  it('follows what sockets prove, to an address that changed, across any network, and beyond containers', () => {
    const proven = {
      api: [
        { container: 'db', address: '10.0.0.99', port: 6000 },
        { container: null, address: '10.20.0.1', port: 1521 },
      ],
      host: [{ container: 'db', address: '10.0.0.3', port: 6000 }],
    };
    const host = container('host', { ...on('host', null), networkMode: 'host' });
    expect(edges({ containers: [api, db, host], proven }).rows).toEqual([
      'api db:6000 10.0.0.3 seen',
      'api 10.20.0.1:1521 10.20.0.1 seen',
      'host db:6000 10.0.0.3 seen',
      'api db:5432 10.0.0.3 shared-network',
    ]);
  });

  it('reads what compose says, within one project', () => {
    const compose = (project: string, service: string, dependsOn = '') => ({
      composeProject: project,
      composeService: service,
      labels: { 'com.docker.compose.depends_on': dependsOn },
    });
    const containers = [
      container('a-api', { ...on('a', '10.0.0.2'), ...compose('a', 'api', 'db:service_healthy:false') }),
      container('a-db', { ...on('a', '10.0.0.3'), ...exposed(5432), ...compose('a', 'db') }),
      container('b-db', { ...on('b', '10.1.0.3'), ...exposed(5432), ...compose('b', 'db') }),
    ];
    expect(edges({ containers }).rows).toEqual(['a-api a-db:5432 10.0.0.3 compose']);
  });

  it('takes no replica to need another', () => {
    const replica = (name: string, address: string) =>
      container(name, {
        ...on('shop', address),
        ...exposed(8000),
        composeProject: 'shop',
        composeService: 'app',
      });
    const containers = [replica('app-1', '10.0.0.5'), replica('app-2', '10.0.0.6')];
    expect(edges({ containers }).rows).toEqual([]);
  });

  it('keeps the surest when there are too many, and counts the rest', () => {
    const configured = [{ source: 'db', target: 'api', port: 1 }];
    const proven = { api: [{ container: 'db', address: '10.0.0.3', port: 5432 }] };
    const many = container('many', { ...on('shop', '10.0.0.9'), ...exposed(1, 2, 3) });
    const { rows, left } = edges({ containers: [api, db, many], configured, proven, most: 2 });
    expect(rows).toEqual(['api db:5432 10.0.0.3 seen', 'db api:1 10.0.0.2 told']);
    expect(left).toBe(7);
  });
});
