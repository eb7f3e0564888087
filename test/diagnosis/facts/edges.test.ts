import { describe, expect, it } from 'vitest';
import { edges, flowOf, waitsFor } from '../../../source/diagnosis/facts/edges.js';
import type { Edge } from '../../../source/probes/samples.js';
import type { History } from '../../../source/store/history.js';
import { containerServices } from '../../helpers/container-world.js';
import { play } from '../../helpers/history.js';
import { edge, edges as edgesOf, inside, insideSockets } from '../../helpers/inside.js';
import { sockets } from '../../helpers/samples.js';

const at = (address: string) => ({ container: { networks: [{ name: 'shop', address, aliases: [] }] } });
const paused = { state: 'paused' as const };

/** front and store on one network, looked into for a while; `list` is what front shows, `host` what the host does. */
function world(list: readonly Edge[], host: readonly Edge[] = [], store: object = {}): History {
  return play(10, () => ({
    services: containerServices({ front: at('10.0.0.2'), store: { ...at('10.0.0.5'), ...store } }),
    sockets: { ...sockets(), edges: edgesOf(...host) },
    'inside:front': inside('front', { sockets: insideSockets({}, { edges: edgesOf(...list) }) }),
  }));
}

describe('edges of a history', () => {
  it('know the workloads at both ends, loopback among them', () => {
    const history = world(
      [edge('10.0.0.5:5432'), edge('127.0.0.1:6379'), edge('93.184.216.34:443')],
      [edge('127.0.0.1:5432', { owner: 'cron' }), edge('10.0.0.2:5000')],
    );
    expect(edges(history).map(({ inside, owner, peerText }) => [inside, owner, peerText])).toEqual([
      [null, 'cron', 'store'],
      [null, null, 'front'],
      ['front', 'front', 'store'],
      ['front', 'front', 'front'],
      ['front', 'front', '93.184.216.34:443'],
    ]);
  });

  it('add up what a window carried, and give no share of little', () => {
    const busy = edge('10.0.0.5:5432', { sent: 10, resent: 1, opened: 2, lateOpened: 1 });
    const quiet = edge('10.0.0.5:6379', { sent: 1, resent: 1 });
    const history = world([busy, quiet]);
    const [first, second] = edges(history);
    expect(flowOf(history, first as never, 4_500)).toEqual({
      ...{ sent: 50, resent: 5, percent: 10, opened: 10, lateOpened: 5 },
    });
    expect(flowOf(history, second as never, 4_500)).toMatchObject({ sent: 5, resent: 5, percent: undefined });
    expect(flowOf(history, { label: '{nobody→1.2.3.4:5}' }, 60_000).percent).toBeUndefined();
  });

  it('say who waits for whom: for an answer to its SYN, for an acknowledgement, for a frozen process', () => {
    const asked = { unanswered: { count: 1, longestMs: 4_000 } };
    const list = [
      edge('10.0.0.9:80', { synSent: { count: 1, retried: 1, mostRetries: 2, ageMs: 3_000 } }),
      edge('10.0.0.8:80', { stalled: 1, idleMs: { least: 9_000, most: 9_000 } }),
      edge('10.0.0.5:5432', asked),
      edge('10.0.0.7:80', asked),
    ];
    const told = (history: History) =>
      waitsFor(history).map(({ waiter, on, because, forMs }) => [waiter, on, because, forMs]);
    const wanted = [
      ['front', '10.0.0.9:80', 'syn', 3_000],
      ['front', '10.0.0.8:80', 'unacked', 9_000],
    ];
    expect(told(world(list))).toEqual(wanted);
    expect(told(world(list, [], paused))).toEqual([...wanted, ['front', 'store', 'frozen', 4_000]]);
  });
});
