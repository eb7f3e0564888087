import { describe, expect, it } from 'vitest';
import { Listeners } from '../../../../source/probes/matrix/edges/listeners.js';
import { Places } from '../../../../source/probes/matrix/edges/places.js';
import { isPrivate, ProvenPeers } from '../../../../source/probes/matrix/edges/proven.js';
import { container, on } from '../../../helpers/containers.js';
import { edge, edges, inside, insideSockets } from '../../../helpers/inside.js';

const MINUTE = 60_000;

describe('Places', () => {
  it('remember where one that was disconnected stood, for ten minutes', () => {
    const places = new Places();
    places.update([container('db', on('shop', '10.0.0.3'))], 0);
    places.update([container('db', { networks: [] })], 5 * MINUTE);
    expect([...places.of('db')]).toEqual([['shop', '10.0.0.3']]);
    expect(places.ownerOf('10.0.0.3')).toBe('db');
    places.update([container('db', { networks: [] })], 11 * MINUTE);
    expect([...places.of('db')]).toEqual([]);
  });

  it('remember where one that was stopped stood, from what the engine tells', () => {
    const places = new Places();
    const networks = [{ name: 'shop', address: null, formerAddress: '10.0.0.3' }];
    places.update([container('db', { state: 'exited', networks })], 0);
    expect([...places.of('db')]).toEqual([['shop', '10.0.0.3']]);
  });

  it('forget an address that another has by now, and a container that was removed', () => {
    const places = new Places();
    places.update([container('db', on('shop', '10.0.0.3'))], 0);
    places.update([container('db', { networks: [] }), container('new', on('shop', '10.0.0.3'))], MINUTE);
    expect([...places.of('db')]).toEqual([]);
    expect(places.ownerOf('10.0.0.3')).toBe('new');
    places.update([], MINUTE);
    expect(places.ownerOf('10.0.0.3')).toBeUndefined();
  });
});

const connectedTo = (...peers: string[]) =>
  inside('api', { sockets: insideSockets({}, { edges: edges(...peers.map((peer) => edge(peer))) }) });

describe('ProvenPeers', () => {
  it('know a container by its name, and remember it half an hour', () => {
    const proven = new ProvenPeers();
    proven.saw(connectedTo('10.0.0.3:5432'), () => 'db', 0);
    expect(proven.of('api')).toMatchObject([{ container: 'db', port: 5432 }]);
    proven.saw(connectedTo(), () => undefined, 29 * MINUTE);
    expect(proven.of('api')).toHaveLength(1);
    proven.saw(connectedTo(), () => undefined, 31 * MINUTE);
    expect(proven.of('api')).toEqual([]);
  });

  it('leave out itself, loopback, ports given to clients, and addresses beyond this house', () => {
    const proven = new ProvenPeers();
    const ownerOf = (address: string) => (address === '10.0.0.2' ? 'api' : undefined);
    const peers = ['10.0.0.2:80', '127.0.0.11:53', '[::1]:80', '10.0.0.4:40000', '93.184.216.34:443'];
    proven.saw(connectedTo(...peers, '[fd00::5]:5432', '192.168.1.5:5432'), ownerOf, 0);
    expect(proven.of('api').map(({ address }) => address)).toEqual(['fd00::5', '192.168.1.5']);
  });

  it('are bounded', () => {
    const proven = new ProvenPeers();
    const peers = Array.from({ length: 300 }, (_, i) => `10.0.${i >> 8}.${i & 255}:80`);
    proven.saw(connectedTo(...peers), () => undefined, 0);
    expect(proven.of('api')).toHaveLength(64);
  });

  it('tells private addresses from public ones', () => {
    expect(['10.1.1.1', '172.31.0.1', '192.168.0.1', '100.64.0.1', 'fd12::1'].map(isPrivate)).not.toContain(
      false,
    );
    expect(['172.32.0.1', '8.8.8.8', '2001:db8::1', '100.128.0.1'].map(isPrivate)).not.toContain(true);
  });
});

const queue = (...queued: number[]) => {
  const listeners = new Listeners();
  for (const each of queued) {
    const at = { service: null, backlog: 128 };
    listeners.saw(
      inside('api', {
        sockets: insideSockets(
          {},
          {
            listeners: [
              { ...at, address: '0.0.0.0', port: 8000, queued: each },
              { ...at, address: '127.0.0.11', port: 41_000, queued: 0 },
              { ...at, address: '127.0.0.1', port: 9000, queued: 0 },
            ],
          },
        ),
      }),
    );
  }
  return listeners;
};

describe('Listeners', () => {
  it('are those that others can reach', () => {
    expect([...(queue(0).portsOf('api') ?? [])]).toEqual([8000]);
    expect(queue(0).portsOf('other')).toBeUndefined();
  });

  it('are stuck when a queue holds as much or more three looks long', () => {
    expect(queue(1, 4, 4).stuckAt('api', 8000)).toBe(4);
    expect(queue(4, 4).stuckAt('api', 8000)).toBeUndefined();
    expect(queue(4, 3, 4).stuckAt('api', 8000)).toBeUndefined();
    expect(queue(4, 4, 4, 0).stuckAt('api', 8000)).toBeUndefined();
  });
});
