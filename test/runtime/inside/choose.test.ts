import { describe, expect, it } from 'vitest';
import type { EdgeReason } from '../../../source/probes/samples.js';
import { hostsOf } from '../../../source/probes/watch-settings.js';
import { chooseContainers } from '../../../source/runtime/inside/choose.js';
import { lookupNames } from '../../../source/runtime/inside/lookup-names.js';
import { container } from '../../helpers/containers.js';

const apart = { networkOf: (pid: number) => `net:[${pid}]`, busyness: (pid: number) => pid };
const names = (choice: ReturnType<typeof chooseContainers>): string[] =>
  choice.watched.map(({ name }) => name);

describe('chooseContainers', () => {
  it('leaves out what does not run', () => {
    const all = [
      container('a'),
      container('b', { state: 'exited' }),
      container('c', { state: 'paused', pid: 2 }),
    ];
    expect(names(chooseContainers(all, new Set(), apart))).toEqual(['a', 'c']);
  });

  it('looks into one network once, under the name of its owner', () => {
    const all = [
      container('a-sidecar', { networkMode: 'container:0123' }),
      container('b-app'),
      container('c', { pid: 2 }),
    ];
    const { watched } = chooseContainers(all, new Set(), apart);
    expect(watched).toEqual([
      { name: 'b-app', pid: 4711, sharedWith: ['a-sidecar'] },
      { name: 'c', pid: 2, sharedWith: [] },
    ]);
  });

  it('takes nobody to share a network that may not be seen', () => {
    const all = [container('a'), container('b', { pid: null })];
    const hidden = { ...apart, networkOf: () => undefined };
    expect(names(chooseContainers(all, new Set(), hidden))).toEqual(['a', 'b']);
  });

  it('prefers targets of faults, then those it looks into already, then the busiest; and counts the rest', () => {
    const all = [
      container('quiet', { pid: 1 }),
      container('busy', { pid: 900 }),
      container('before', { pid: 2 }),
      container('target', { pid: 3, labels: { 'faultline.target': 'true' } }),
    ];
    const choice = chooseContainers(all, new Set(['before']), apart, 3);
    expect(names(choice)).toEqual(['target', 'before', 'busy']);
    expect(choice.left).toBe(1);
  });
});

describe('lookupNames', () => {
  const compose = (service: string) => ({
    composeProject: 'shop',
    composeService: service,
    networks: [{ name: 'shop', address: '10.0.0.3', aliases: [service] }],
  });
  const edge = (target: string, because: EdgeReason = 'seen') => ({
    source: 'api',
    container: target,
    target: { name: `${target}:1`, address: '10.0.0.3', port: 1 },
    because,
  });

  it('are the services that it needs, as its own network knows them', () => {
    const api = container('shop-api-1', compose('api'));
    const all = [container('shop-db-1', compose('db')), container('cache')];
    const byName = new Map(all.map((each) => [each.name, each]));
    const edges = [edge('shop-db-1'), edge('cache'), edge('gone')].map((each) => ({
      ...each,
      source: api.name,
    }));
    const asks = { names: ['pay.example', 'db'], waits: true, byDocker: true };
    expect(lookupNames(api, edges, byName, asks)).toEqual(['db', 'cache', 'pay.example']);
  });

  it('are not those of everybody who happens to share a network', () => {
    const byName = new Map([['db', container('db')]]);
    const silent = { names: [], waits: false, byDocker: true };
    expect(lookupNames(container('api'), [edge('db', 'shared-network')], byName, silent)).toEqual([]);
  });

  it('are its own where its lookups wait before any name was seen', () => {
    const asks = (byDocker: boolean) => ({ names: [], waits: true, byDocker });
    expect(lookupNames(container('api'), [], new Map(), asks(true))).toEqual(['api']);
    expect(lookupNames(container('api'), [], new Map(), asks(false))).toEqual([]);
  });

  it('come from targets that have a name', () => {
    expect(
      hostsOf(['http://shop.example/a', 'http://shop.example/b', 'http://127.0.0.1/', 'http://[::1]:80/']),
    ).toEqual(['shop.example']);
  });
});
