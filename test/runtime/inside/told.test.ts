import { describe, expect, it } from 'vitest';
import { toldEdges, toldNames } from '../../../source/runtime/inside/told.js';

const called = (name: string, composeService: string | null = null) => ({ name, composeService });
const containers = [called('shop-web-1', 'web'), called('shop-web-2', 'web'), called('db')];

describe('what the settings say of containers', () => {
  it('holds for one by its name, and for all replicas of a compose service', () => {
    const edges = [
      { source: 'web', target: 'db', port: 5432 },
      { source: 'db', target: 'shop-web-2', port: 80 },
      { source: 'web', target: 'nobody', port: 1 },
    ];
    expect(toldEdges(edges, containers)).toEqual([
      { source: 'shop-web-1', target: 'db', port: 5432 },
      { source: 'shop-web-2', target: 'db', port: 5432 },
      { source: 'db', target: 'shop-web-2', port: 80 },
    ]);
  });

  it('gives each the names that it asks for, and none that this host asks for', () => {
    const names = [
      { name: 'db.internal', inside: 'web', server: null },
      { name: 'web.internal', inside: 'db', server: null },
      { name: 'host.internal', inside: null, server: null },
    ];
    expect(containers.map((one) => toldNames(names, one))).toEqual([
      ['db.internal'],
      ['db.internal'],
      ['web.internal'],
    ]);
  });
});
