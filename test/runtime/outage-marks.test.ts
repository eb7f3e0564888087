import { expect, it } from 'vitest';
import { markOutage } from '../../source/runtime/outage-marks.js';
import { createFaultlineStore } from '../../source/store/state.js';

it('what takes a service down pulls a trigger; what brings it back is a fix, once somebody has felt it', () => {
  for (const [down, up] of [
    ['stop', 'start'],
    ['kill', 'start'],
    ['pause', 'unpause'],
  ] as const) {
    const store = createFaultlineStore({ mode: 'demo', subject: 'lab', readOnly: false, startedAt: 0 });
    markOutage(store, down, 'started', 1_000);
    expect(store.getState().outage).toMatchObject({ triggeredAt: 1_000, symptomAt: null });
    markOutage(store, up, 'started', 2_000);
    expect(store.getState().outage?.fixedAt).toBeNull();
    store.setState(({ outage }) => ({ outage: outage && { ...outage, symptomAt: 3_000 } }));
    markOutage(store, up, 'started', 4_000);
    expect(store.getState().outage).toMatchObject({ triggeredAt: 1_000, fixedAt: 4_000 });
  }
});
