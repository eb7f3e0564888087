import { describe, expect, it } from 'vitest';
import { serviceAt } from '../../source/diagnosis/facts/services.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import { HistoryBuilder } from '../helpers/history.js';
import { containerFacts, services } from '../helpers/samples.js';

describe('who serves an address', () => {
  const [pattern] = services().services as readonly [ServiceSample];
  const service = (name: string, over: Partial<ServiceSample>): ServiceSample => ({
    ...pattern,
    name,
    ...over,
  });
  const watched = [
    service('old-web', { state: 'exited', ports: [{ protocol: 'tcp', port: 8080 }] }),
    service('web', { state: 'running', ports: [{ protocol: 'tcp', port: 8080 }] }),
    service('db', {
      container: containerFacts({ networks: [{ name: 'lab', address: '172.20.0.5' }] }),
      ports: [],
    }),
    service('cache', {
      state: 'exited',
      ports: [],
      container: containerFacts({ networks: [{ name: 'lab', address: null, formerAddress: '172.20.0.6' }] }),
    }),
    service('six', {
      container: containerFacts({ networks: [{ name: 'v6', address: 'fd00::5' }] }),
      ports: [],
    }),
  ];
  const at = (address: string) => {
    const history = new HistoryBuilder().second({
      services: { services: watched, means: '/proc', missing: [] },
    });
    return serviceAt(history, address)?.name;
  };

  it('is the one that runs, by its port on this host or by its own address', () => {
    expect(at('127.0.0.1:8080')).toBe('web');
    expect(at('172.20.0.5:5432')).toBe('db');
    expect(at('[fd00::5]:5432')).toBe('six');
    expect(at('172.20.0.9:8080')).toBeUndefined();
  });

  it('is the one that stopped there, as long as no other has its address', () => {
    expect(at('172.20.0.6:6379')).toBe('cache');
  });
});
