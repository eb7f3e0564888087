import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { readSince } from '../../../source/diagnosis/facts/read-since.js';
import { clearing } from '../../../source/diagnosis/rule-out.js';
import type { Datastore } from '../../../source/probes/samples.js';
import { play, START, type World, watch } from '../../helpers/history.js';
import { cell, lookups, matrix } from '../../helpers/inside.js';
import { dns, everyTarget, HANG, http, postgres, sockets } from '../../helpers/samples.js';

const second = (t: number): number => START + t * 1000;
const cleared = (world: (t: number) => World, id: string, since: number): string | undefined =>
  clearing(play(20, world), allModes(), (mode, error) => {
    throw new Error(mode, { cause: error });
  })(id, since)?.because;

/** What is read at these seconds alone. */
const at =
  (seconds: readonly number[], world: World) =>
  (t: number): World =>
    seconds.includes(t) ? world : {};

const STORE: Datastore = {
  ...{ kind: 'redis', address: '127.0.0.1:6379', workload: null, knownBy: 'process' },
  process: { pid: 7, command: 'redis-server' },
  ...{ state: 'alive', said: 'PONG', answerMs: 1, askedAt: second(10), note: null },
  ...{ queued: 0, backlog: 128, frozen: false, clients: 2, used: true },
  slots: null,
  holders: [],
};

describe('a mode is cleared by what was read since the trouble began', () => {
  it.each<readonly [string, World]>([
    ['service-hung', everyTarget()],
    ['service-stopped', everyTarget()],
    ['http-errors', everyTarget()],
    ['resolver-dead', { dns: dns() }],
    ['resolver-saturation', { dns: dns() }],
    ['name-missing', { dns: dns() }],
    ['dns-failure', { dns: dns() }],
    ['database-down', { postgres: postgres() }],
    ['database-connections', { postgres: postgres() }],
    ['close-wait-leak', { sockets: sockets() }],
    ['listen-overflow', { sockets: sockets({ backlog: 128 }) }],
    ['partition', { matrix: matrix([cell('a', 'b:80')]) }],
    ['latency', { matrix: matrix([cell('a', 'b:80')]) }],
    ['flapping-replica', { sockets: sockets() }],
    ['keepalive-race', { sockets: sockets() }],
  ])('%s', (id, world) => {
    expect(cleared(at([8, 10], world), id, second(8))).toMatch(/./);
    expect(cleared(at([8, 10], world), id, second(11))).toBeUndefined();
  });

  it('not by one of several targets, while another was last asked before', () => {
    const [one, other] = [http('GET /'), http('GET /todos')];
    const world = (t: number): World => ({
      ...(t === 12 ? { 'http:GET /': one } : {}),
      ...(t === 5 ? { 'http:GET /todos': other } : {}),
    });
    expect(cleared(world, 'http-errors', second(5))).toContain('every target answers well');
    expect(cleared(world, 'http-errors', second(6))).toBeUndefined();
  });

  it('not by the lookups of one container, while another has not asked since', () => {
    const world = (t: number): World => ({
      ...(t === 12 ? { 'dns:a': lookups('a', dns()) } : {}),
      ...(t === 5 ? { 'dns:b': lookups('b', dns()) } : {}),
    });
    expect(cleared(world, 'dns-failure', second(5))).toContain('are answered');
    expect(cleared(world, 'dns-failure', second(6))).toBeUndefined();
  });

  it('not by an answer that a later look repeats', () => {
    const world = at([18], { datastores: { means: '', datastores: [STORE], missing: [] } });
    expect(cleared(world, 'database-down', second(10))).toContain('PONG');
    expect(cleared(world, 'database-down', second(11))).toBeUndefined();
    const rested = at([18], { matrix: matrix([cell('a', 'b:80', { rests: true })]) });
    expect(cleared(rested, 'partition', second(11))).toBeUndefined();
  });
});

it('keeps the whole where it is not known since when', () => {
  const history = play(3, () => everyTarget());
  expect(readSince(history, null)).toBe(history);
  expect(readSince(history, second(2)).window('http.ok{GET /}', 60_000)).toHaveLength(2);
  expect(readSince(history, second(9)).newest('http.ok{GET /}', 60_000)).toBeUndefined();
});

it('a target that hangs is not said to be answered by what another gave before', () => {
  const looks = watch(
    40,
    (t) => ({
      ...(t <= 20 && t % 2 === 0 ? everyTarget() : {}),
      // Its requests end after five seconds; one of another path hangs longer.
      ...(t > 20 && (t - 25) % 6 === 0 ? { 'http:GET /': http('GET /', HANG) } : {}),
    }),
    allModes(),
  );
  const told = looks.flatMap(({ findings }) => findings.filter(({ state }) => state !== 'resolving'));
  expect(told.length).toBeGreaterThan(0);
  for (const { ruledOut } of told)
    expect(ruledOut.map(({ because }) => because).join()).not.toMatch(/GET \/(todos|test-db)/);
});
