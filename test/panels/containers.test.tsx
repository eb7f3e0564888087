import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { chosenContainer } from '../../panels/inside/inside.js';
import { screenLines } from '../../panels/screen/screen.js';
import { createController } from '../../panels/ui/controller.js';
import { createUiStore, type UiState } from '../../panels/ui/state.js';
import { plain } from '../../panels/widgets/fit.js';
import type { Latest } from '../../source/store/history.js';
import type { FaultlineState, Store } from '../../source/store/state.js';
import { sanitise, width } from '../../source/terminal/sanitise.js';
import { cell, edge, edges, inside, insideSockets, lookups, matrix } from '../helpers/inside.js';
import { healthyState, NOW, probe, service } from '../helpers/state.js';

const fresh = <S,>(sample: S): Latest<S> => ({ at: NOW - 500, sample, stale: false });
const REPLICAS = ['todo-app-1', 'todo-app-2', 'todo-app-3'];
const NEEDED = { because: 'told' } as const;
const timeout = {
  ...NEEDED,
  outcome: 'timeout' as const,
  errno: 'ETIMEDOUT',
  ms: 1500,
  meaning: 'no answer within 1.5 s: packets are dropped on the way there or back',
};

/** A lab of containers on which the first replica no longer reaches the database. */
function containers(names = ['gateway', ...REPLICAS, 'postgres', 'redis', 'resolver']): FaultlineState {
  const targets = [...REPLICAS.map((name) => `${name}:8000`), 'postgres:5432', 'redis:6379', 'resolver:53'];
  const cells = names.flatMap((source) =>
    targets
      .filter((target) => !target.startsWith('todo') || source === 'gateway')
      .map((target) =>
        cell(source, target, source === 'todo-app-1' && target === 'postgres:5432' ? timeout : NEEDED),
      ),
  );
  const state = healthyState();
  return {
    ...state,
    probes: { ...state.probes, 'inside:gateway': probe({ id: 'inside:gateway' }) },
    latest: {
      ...state.latest,
      services: fresh({
        services: names.map((name) => service({ name })),
        means: 'cgroup v2',
        missing: [],
      }),
      inside: Object.fromEntries(
        names.map((name) => [
          name,
          fresh(
            inside(name, {
              sockets: insideSockets(
                { ESTAB: 3, 'SYN-SENT': name === 'todo-app-1' ? 7 : 0, LISTEN: 1 },
                {
                  listeners: [{ service: null, address: '0.0.0.0', port: 8000, queued: 1, backlog: 128 }],
                  edges: edges(edge('172.20.0.5:5432', { states: { ESTAB: 2 } })),
                },
              ),
            }),
          ),
        ]),
      ),
      lookups: Object.fromEntries(names.map((name) => [name, fresh(lookups(name))])),
      matrix: fresh(matrix(cells)),
    },
  };
}

function draw(live: FaultlineState, part: Partial<UiState>, columns = 80, rows = 24): string[] {
  const ui = { ...createUiStore().getState(), ...part };
  return screenLines({ live, ui, modes: [], columns, rows }).map(plain);
}

describe('connectivity', () => {
  it('shows symbol and word for each pair, and the worst target first where not all fit', () => {
    const rows = draw(containers(), { selected: 'matrix', alone: true });
    expect(rows.find((row) => row.includes('FROM'))).toMatch(/FROM +postgres +redis/);
    expect(rows.find((row) => row.startsWith('│ todo-app-1'))).toContain('✖ timeout   ● 0.3 ms');
    expect(rows[1]).toContain('1 of 24 pairs not well · +1 target');
  });

  it('says what a failure means, with its errno, and why the target should be reached', () => {
    const text = draw(containers(), { selected: 'matrix', alone: true }, 200).join('\n');
    expect(text).toContain('todo-app-1 → postgres:5432 (172.20.0.5)  ETIMEDOUT after 1.5 s');
    expect(text).toContain('packets are dropped on the way there or back. It should be reached: it is conf');
  });

  it('puts the sick source on top where not all rows fit', () => {
    const rows = draw(containers(), { selected: 'matrix' });
    const head = rows.findIndex((row) => row.includes('FROM'));
    expect(rows[head + 1]).toContain('todo-app-1 ✖ timeout');
  });

  it('filters by anything in a pair', () => {
    const ui = { selected: 'matrix' as const, alone: true, filters: { matrix: 'etimedout' } };
    const text = draw(containers(), ui).join('\n');
    expect(text).toContain('✖ timeout');
    expect(text).not.toContain('redis');
  });

  it('calls what was not tried unknown, and neither healthy nor sick', () => {
    const state = containers();
    const cells = [cell('a', 'b:1', { outcome: 'unmeasured', ms: null, meaning: 'b is paused' })];
    const live = { ...state, latest: { ...state.latest, matrix: fresh(matrix(cells)) } };
    const text = draw(live, { selected: 'matrix', alone: true }).join('\n');
    expect(text).toMatch(/\? not tried +a → b:1|\? not tried/);
    expect(text).toContain('b is paused');
    expect(text).toContain('all reach');
  });
});

describe('among the symptoms', () => {
  it('stands how many connections came about, and that names resolve', () => {
    const state = containers();
    state.series.push('matrix.reached', NOW, 23 / 24);
    state.series.push('lookups.resolved', NOW, 1);
    const text = draw(state, { selected: 'symptoms', alone: true }, 100, 40).join('\n');
    expect(text).toMatch(/Reachable .*23\/24 +✖ 1 not reached/);
    expect(text).toMatch(/DNS inside .*100 % +● ok/);
  });
});

describe('within containers', () => {
  it('lists what tells most at 80 columns, and marks the one chosen', () => {
    const rows = draw(containers(), { selected: 'inside', chosenService: 'todo-app-1' });
    const head = rows.find((row) => row.includes('CONTAINER')) ?? '';
    expect(head).toMatch(/ESTAB SYN-SENT CLOSE-WAIT RETRANS +QUEUE DNS/);
    const alone = draw(containers(), { selected: 'inside' }, 140, 40).join('\n');
    expect(alone).toMatch(/todo-app-1 +3 +▲ 7/);
  });

  it('opened, shows sockets, queues, tracking, interfaces, routes, resolver, lookups and the means', () => {
    const ui = { selected: 'inside' as const, alone: true, chosenService: 'todo-app-1' };
    const text = draw(containers(), ui, 100, 50).join('\n');
    for (const part of [
      'looked into by setns',
      'SYN-SENT 7',
      '0.0.0.0:8000 1 of 128 waiting',
      '172.20.0.5:5432 2',
      'tcp_timeout_established 432,000 s',
      'eth0 MTU 1,500 up',
      '0.0.0.0/0  via 172.20.0.1  eth0',
      'search corp.example  ndots 0',
      '● resolved  postgres.lab.internal',
    ])
      expect(text).toContain(part);
  });

  it('names the means that were left and what would grant a better one', () => {
    const state = containers(['api']);
    const means = {
      by: '/proc/<pid>/net' as const,
      reason: 'the network of process 7 may not be entered (EPERM)',
      mend: 'run faultline as root',
    };
    const sample = inside('api', { means, conntrack: null, missing: ['resolver: denied'] });
    const live = { ...state, latest: { ...state.latest, inside: { api: fresh(sample) } } };
    const text = draw(live, { selected: 'inside', alone: true }, 100, 40).join('\n');
    expect(text).toContain('looked into by /proc/<pid>/net');
    expect(text).toContain('Needs: run faultline as root');
    expect(text).toContain('? resolver: denied');
  });

  it('finds the network that a service shares with another', () => {
    const state = containers(['api']);
    const live = {
      ...state,
      latest: { ...state.latest, inside: { api: fresh(inside('api', { sharedWith: ['sidecar'] })) } },
    };
    expect(chosenContainer(live, 'sidecar', ['api'])).toBe('api');
    expect(draw(live, { selected: 'inside' }).join('\n')).toContain('api +1');
  });
});

describe('hostile names', () => {
  const HOSTILE = [
    '\x1b[2J\x1b[31mred\x1b[0m',
    '\u202egnp.exe\u2066',
    'x'.repeat(10_000),
    '容器'.repeat(40),
    'a\nb\r\nc\td\x00',
    '__proto__',
    '',
  ];

  it('never break a line', () => {
    const live = containers(HOSTILE);
    const wrong: string[] = [];
    for (const columns of [40, 61, 80, 120, 200])
      for (const rows of [12, 24, 40])
        for (const selected of ['matrix', 'inside', 'dns'] as const)
          for (const alone of [false, true])
            for (const line of draw(live, { selected, alone }, columns, rows))
              if (width(line) !== columns || sanitise(line, 1_000) !== line)
                wrong.push(`${selected} ${columns}×${rows}: ${line}`);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

describe('keys', () => {
  it('w goes there, the cursor chooses, enter shows the one chosen from its top, esc goes back to its row', () => {
    const store = createStore<FaultlineState>(() => containers()) as Store;
    const ui = createUiStore();
    const nothing = () => {};
    const controller = createController({
      ...{ store, ui, modes: [], confirm: true, dispatch: nothing, exit: nothing },
      size: () => ({ columns: 80, rows: 24 }),
    });
    const press = (...keys: string[]) => {
      for (const key of keys) controller.press(key);
      return screenLines({ live: store.getState(), ui: ui.getState(), modes: [], columns: 80, rows: 24 })
        .map(plain)
        .join('\n');
    };
    expect(press('w', 'j', 'j')).toContain('▸ redis');
    expect(press('enter')).toMatch(/m? ?Container network.*\n│ redis {2}process 4711/);
    press('j', 'j', 'j');
    expect(press('esc')).toContain('▸ redis');
    expect(press('m')).toContain('Connectivity');
    expect(press('tab')).toContain('▸ w Container network');
  });
});
