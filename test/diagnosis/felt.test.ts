import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import { feltOf } from '../../source/diagnosis/felt.js';
import { advanceOutage } from '../../source/store/outage.js';
import type { Outage } from '../../source/store/state.js';
import { containerServices, facts, gone } from '../helpers/container-world.js';
import { HistoryBuilder, START, type World } from '../helpers/history.js';
import { ERROR_500, http } from '../helpers/samples.js';

const other = { id: 'b'.repeat(64), networks: [{ name: 'batch', address: '172.30.0.2', aliases: [] }] };
const own = { networks: [{ name: 'shop', address: '172.20.0.2', aliases: [] }] };
/** A front whose page is probed, and a store on a network that it has nothing to do with. */
const host = (storeRuns: boolean): World => ({
  services: containerServices({
    front: { container: own },
    ...Object.fromEntries(['shop-1', 'shop-2'].map((name) => [name, { container: own }])),
    store: { ...(storeRuns ? {} : gone(137, 'killed by SIGKILL')), container: facts(other) },
  }),
});

/** The outage clock beside the diagnosis of each second, as the runtime advances it, and what was found at all. */
function clock(seconds: number, world: (t: number) => World) {
  const builder = new HistoryBuilder();
  let state = NO_DIAGNOSIS;
  let outage: Outage | null = null;
  const found = new Set<string>();
  for (let t = 1; t <= seconds; t++) {
    const history = builder.second(world(t));
    const judged = diagnose(history, allModes(), state);
    state = judged.state;
    for (const { id, state: phase } of judged.findings) if (phase === 'firing') found.add(id);
    outage = advanceOutage(outage, null, history, feltOf(history, judged.findings, state));
  }
  return { outage, found: [...found] };
}

const page = (fails: boolean): World => ({ 'http:GET /': http('GET /', fails ? ERROR_500 : undefined, 500) });

it('a failure that reaches no target opens no outage; where nothing is probed it does', () => {
  const killed = (t: number) => host(t < 10);
  const unrelated = clock(40, (t) => ({ ...killed(t), ...page(false) }));
  expect(unrelated.found).not.toEqual([]);
  expect(unrelated.outage).toBeNull();
  expect(clock(40, killed).outage?.symptomAt).not.toBeNull();
});

it('nor does it name the outage of a target that fails later, which began when that failed first', () => {
  const { outage, found } = clock(60, (t) => ({ ...host(t < 10), ...page(t >= 40) }));
  expect(found).toContain('http-errors');
  expect(outage?.symptomAt).toBe(START + 40_000);
  expect(outage?.namedAt).toBeGreaterThanOrEqual(START + 40_000);
});
