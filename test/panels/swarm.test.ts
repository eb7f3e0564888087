import { describe, expect, it } from 'vitest';
import { screenLines } from '../../panels/screen/screen.js';
import { neighbour } from '../../panels/ui/moves.js';
import { createUiStore, type UiState } from '../../panels/ui/state.js';
import { plain } from '../../panels/widgets/fit.js';
import { swarmRows } from '../../source/commands/text/swarm.js';
import type { SwarmSample } from '../../source/probes/samples.js';
import type { FaultlineState } from '../../source/store/state.js';
import { sanitise, width } from '../../source/terminal/sanitise.js';
import { healthyState, NOW } from '../helpers/state.js';
import { FAILED, swarm, swarmService, task } from '../helpers/swarm.js';

function on(sample: SwarmSample): FaultlineState {
  const state = healthyState();
  return { ...state, latest: { ...state.latest, swarm: { at: NOW - 500, sample, stale: false } } };
}

function draw(live: FaultlineState, part: Partial<UiState>, columns = 80, rows = 24): string[] {
  const ui = { ...createUiStore().getState(), selected: 'swarm' as const, ...part };
  return screenLines({ live, ui, modes: [], columns, rows }).map(plain);
}

const DEGRADED = swarm(
  swarmService('canary', {
    running: 1,
    replacedInMs: 11_750,
    endpointMode: 'dnsrr',
    tasks: [
      task('b', { state: 'preparing', changedAt: NOW - 1000 }),
      task('a', { ...FAILED, changedAt: NOW - 12_000 }),
      task('c', { slot: 2, changedAt: NOW - 60_000 }),
    ],
  }),
  swarmService('web', { desired: 3, running: 3, limits: { cpus: null, memoryBytes: null } }),
);

describe('the services of a swarm', () => {
  it('tell running from desired replicas, how long a replacement took, and limits, on 80 columns', () => {
    const rows = draw(on(DEGRADED), { alone: true });
    const canary = rows.find((row) => row.includes(' canary ') && row.includes('1/2'));
    expect(canary).toMatch(/canary +1\/2 +11\.\d+ s .* 0\.3 +403 MB dnsrr failed 137/);
    expect(rows.find((row) => row.includes(' web '))).toMatch(/web +3\/3 +– +– +– +–/);
    expect(rows[1]).toContain('2 services · 1/1 nodes ready');
  });

  it('opened alone, show the history of their tasks with the reasons', () => {
    const rows = draw(on(DEGRADED), { alone: true });
    expect(rows.find((row) => row.includes('◆ failed'))).toMatch(
      /canary\.1 .*failed .*137 task: non-zero exit \(137\)/,
    );
    expect(rows.some((row) => row.includes('preparing'))).toBe(true);
  });

  it('are a stop of tab only where there is a swarm', () => {
    expect(neighbour(on(DEGRADED), 'sockets', -1)).toBe('swarm');
    expect(neighbour(healthyState(), 'sockets', -1)).not.toBe('swarm');
    expect(draw(healthyState(), {}).join('\n')).toContain('Not watched here');
  });

  it('have a row each in the text of a check', () => {
    expect(swarmRows(on(DEGRADED))[0]).toEqual([
      'Swarm canary',
      expect.stringMatching(/^1 of 2 replicas run, the last one replaced in 11\.[78] s$/),
    ]);
  });

  it('never break a line, whatever they are called and whatever they give as a reason', () => {
    const hostile = [
      '\x1b[2J\x1b]0;x\x07',
      '\u202eabc',
      'x'.repeat(10_000),
      '容器'.repeat(40),
      'a\nb\r\x00',
      '',
    ];
    const sample = swarm(
      ...hostile.map((text) =>
        swarmService(text, {
          updateState: text,
          tasks: [task(text, { ...FAILED, error: text, state: text })],
        }),
      ),
    );
    const wrong: string[] = [];
    for (const columns of [40, 80, 120, 200])
      for (const alone of [false, true])
        for (const line of draw(on(sample), { alone }, columns, 40))
          if (width(line) !== columns || sanitise(line, 1_000) !== line) wrong.push(`${columns}: ${line}`);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});
