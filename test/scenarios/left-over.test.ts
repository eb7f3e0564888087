import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { containerServices, event, eventsAt, fine, gone } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { sockets } from '../helpers/samples.js';

/** What looks sick at one place is told beside what is found at another, unless the two have to do with each other. */

const on = (network: string, address: string) => ({ networks: [{ name: network, address, aliases: [] }] });
/** A log, a cache, whatever: nearly all of its files are open. */
const FILES = { openFds: 1000, fdLimit: 1024 };
const KILL = [event(10, 'store', 'kill', 'signal 9'), event(10, 'store', 'die', 'exit code 137')];

function found(services: World['services'], more: World = {}): string[] {
  const looks = watch(
    40,
    (t) => ({ ...fine(t), services, ...(t >= 10 ? more : {}), ...eventsAt(t, KILL) }),
    allModes(),
  );
  return (looks.at(-1)?.findings ?? [])
    .filter(({ state, explainedBy }) => state === 'firing' && explainedBy === null)
    .map(({ id, subject }) => `${id}@${subject.id}`)
    .sort();
}

const killedBeside = (network: string, name = 'shop-2') =>
  containerServices({
    front: { container: on('shop', '172.20.0.2') },
    'shop-1': { container: on('shop', '172.20.0.3') },
    store: { ...gone(137, 'killed'), container: on('shop', '172.20.0.4') },
    'shop-2': { container: on(network, '172.21.0.2') },
    [name]: { container: on(network, '172.21.0.2'), ...FILES },
  });

describe('what looks sick and nothing explains', () => {
  it('is told beside a killed container on another network', () => {
    expect(found(killedBeside('other'))).toEqual(['container-kill@store', 'unexplained@shop-2']);
  });
  it('is not told where it may ask the one that was killed', () => {
    expect(found(killedBeside('shop'))).toEqual(['container-kill@store']);
  });
  it('is told where its connections show that it does not', () => {
    const shown = { sockets: insideSockets({}, { edges: edges(edge('172.20.0.9:6379')) }) };
    const world = { 'inside:shop-2': inside('shop-2', shown) };
    const services = containerServices({
      front: { container: on('shop', '172.20.0.2') },
      'shop-1': { container: on('shop', '172.20.0.3'), processState: 'T' },
      store: { container: on('shop', '172.20.0.4') },
      'shop-2': { container: on('shop', '172.20.0.5'), ...FILES },
    });
    const nothing = { sockets: insideSockets({}, { edges: edges() }) };
    const seen = Object.fromEntries(
      ['front', 'shop-1', 'store'].map((name) => [`inside:${name}`, inside(name, nothing)]),
    );
    expect(found(services, { ...seen, ...world })).toContain('unexplained@shop-2');
    expect(found(services)).not.toContain('unexplained@shop-2');
  });
  it('of sockets of this host follows where they lead', () => {
    const many = (port: number): World => ({
      sockets: {
        ...sockets(),
        total: { ...sockets().total, 'SYN-SENT': 80 },
        edges: {
          ...edges(edge(`172.20.0.4:${port}`, { states: { 'SYN-SENT': 80 } })),
          sinceMs: 2_000,
        },
      },
    });
    const elsewhere = found(killedBeside('shop'), {
      sockets: {
        ...(many(1).sockets as object),
        edges: edges(edge('192.0.2.9:443', { states: { 'SYN-SENT': 80 } })),
      },
    });
    expect(elsewhere.some((one) => one.startsWith('unexplained@this host'))).toBe(true);
    expect(found(killedBeside('shop'), many(5432))).not.toContain('unexplained@this host');
  });
});
