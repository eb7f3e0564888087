import { describe, expect, it } from 'vitest';
import { DependencyGraph } from '../../../source/runtime/inside/dependency-graph.js';
import { container, exposed, on } from '../../helpers/containers.js';
import { inside, insideSockets } from '../../helpers/inside.js';

const api = container('api', on('shop', '10.0.0.2'));
const db = container('db', { ...on('shop', '10.0.0.3'), ...exposed(5432) });
const listening = (queued: number) =>
  inside('db', {
    sockets: insideSockets(
      { LISTEN: 1 },
      { listeners: [{ service: null, address: '0.0.0.0', port: 5432, queued, backlog: 128 }] },
    ),
  });

function meet(...containers: Parameters<DependencyGraph['update']>[0]): DependencyGraph {
  const known = new DependencyGraph();
  known.update(containers, ['api', 'db'], [], 0);
  return known;
}

describe('DependencyGraph', () => {
  const target = { name: 'db:5432', address: '10.0.0.3', port: 5432 };

  it('want each target once, and say why a source should reach it', () => {
    const known = meet(api, db);
    expect(known.targets()).toEqual([target]);
    expect(known.because('api', target)).toBe('shared-network');
    expect(known.because('db', target)).toBeUndefined();
    expect(known.because('api', { ...target, address: '10.9.9.9' })).toBeUndefined();
  });

  it('spare one that is paused, and one whose queue does not drain', () => {
    expect(meet(api, db).spare(target)).toBeUndefined();
    expect(meet(api, { ...db, state: 'paused' }).spare(target)).toContain('db is paused');
    const known = meet(api, db);
    for (const queued of [3, 3, 4]) known.saw(listening(queued), 0);
    expect(known.spare(target)).toBe(
      '4 connections wait there to be accepted and none is: one more would only fill the queue',
    );
    known.saw(listening(0), 0);
    expect(known.spare(target)).toBeUndefined();
  });

  it('go on wanting one that was taken off its network, at its old place', () => {
    const known = meet(api, db);
    known.update([api, { ...db, networks: [] }], ['api'], [], 60_000);
    expect(known.targets()).toEqual([target]);
    expect(known.about(target)).toBe('db has left the network on which it had that address');
  });

  it('know of one that does not run', () => {
    expect(meet(api, db).about(target)).toBeUndefined();
    expect(meet(api, { ...db, state: 'exited', status: 'exited' }).about(target)).toBe('db is exited');
  });

  it("ask names only where Docker's resolver answers", () => {
    const known = meet(api, db);
    expect(known.findable('api')).toEqual([]);
    known.saw(inside('api'), 0);
    expect(known.findable('api').map(({ container: name }) => name)).toEqual(['db']);
    const elsewhere = { nameservers: ['10.0.0.53'], search: [], ndots: 1 };
    known.saw(inside('api', { resolver: { ...elsewhere, timeoutSeconds: 5, attempts: 2, options: [] } }), 0);
    expect(known.findable('api')).toEqual([]);
  });
});
