import { describe, expect, it } from 'vitest';
import { createController } from '../../panels/ui/controller.js';
import { createUiStore } from '../../panels/ui/state.js';
import { createFaultlineStore } from '../../source/store/state.js';
import { risk } from '../commands/states.js';
import { text } from '../helpers/panel-text.js';
import { healthyState, incidentState, NOW } from '../helpers/state.js';

const RISKS = ['a', 'b', 'c', 'd'].map(risk);

describe('latent risks', () => {
  it('are a dim line of the finding while all is well, and none in an incident', () => {
    const line = /4 latent risks: l lists them, L hides them/;
    expect(text('finding', healthyState({ risks: RISKS }))).toMatch(line);
    expect(text('finding', healthyState({ risks: RISKS }))).toMatch(/All is well/);
    expect(text('finding', healthyState())).not.toMatch(/latent/);
    expect(text('finding', incidentState({ risks: RISKS }))).not.toMatch(/latent/);
    expect(text('finding', healthyState({ risks: RISKS }), { risksHidden: true })).not.toMatch(/latent/);
  });

  it('have a panel: a row a kind, and opened each with its figure and its line', () => {
    const state = healthyState({ risks: RISKS });
    expect(text('risks', state, { alone: false })).toBe(
      '• No health check in 4 containers: a, b, c and 1 more',
    );
    const opened = text('risks', state);
    for (const part of ['a, b, c, d; the first of them:', 'it serves port 80', 'against a check: Docker'])
      expect(opened).toContain(part);
    expect(opened).toContain('mend: a check of its own\n  $ docker inspect a');
    expect(text('risks', state, { filter: 'on d' })).toContain('No health check on d');
    expect(text('risks', state, { filter: 'nothing' })).toBe('None of them contains that.');
    expect(text('risks', healthyState())).toBe('None is seen so far.');
    expect(text('risks', state, { risksHidden: true })).toBe('Latent risks are hidden: L shows them again.');
  });

  it('are switched off and on by a key, and off from the start', () => {
    const store = createFaultlineStore({ mode: 'host', subject: 'box', readOnly: true, startedAt: 0 });
    const ui = createUiStore();
    const nothing = () => undefined;
    const controller = createController({
      ...{ store, ui, dispatch: nothing, modes: [], confirm: true, exit: nothing },
      size: () => ({ columns: 80, rows: 24 }),
    });
    controller.press('L');
    expect([ui.getState().risksHidden, ui.getState().notice?.text]).toEqual([
      true,
      'latent risks are hidden',
    ]);
    controller.press('L');
    expect(ui.getState().risksHidden).toBe(false);
    expect(createUiStore(true).getState().risksHidden).toBe(true);
  });
});

describe('alerts', () => {
  const rule = {
    ...{ name: 'ServiceUnreachable', condition: 'a target does not answer', forMs: 30_000 },
    ...{ severity: 'critical' as const, source: 'runbook' },
  };
  const firing = {
    ...rule,
    state: 'firing' as const,
    active: [
      { where: 'GET /', state: 'firing' as const, since: NOW - 61_000, value: 'its last probe failed' },
    ],
  };
  const inactive = { ...rule, name: 'HighNetworkLatency', state: 'inactive' as const, active: [] };
  const unread = { ...inactive, name: 'NoTraces', state: 'unread' as const, reason: 'not read yet' };

  it('stand in a panel, those that fire first, with since when', () => {
    const shown = text('alerts', healthyState({ alertRules: [unread, inactive, firing] }), { alone: false });
    expect(shown.split('\n')).toEqual([
      '✖ ServiceUnreachable  firing  (for: 30 s)',
      '    ✖ firing since 12:03:30  GET /: its last probe failed',
      '○ HighNetworkLatency  inactive  (for: 30 s)',
      '? NoTraces  unread: not read yet  (for: 30 s)',
    ]);
    expect(text('alerts', healthyState())).toBe('Not judged yet.');
  });

  it('are a line of the finding once one is active', () => {
    const line = /Alerts \(e\): ServiceUnreachable firing$/m;
    expect(text('finding', healthyState({ alertRules: [inactive, firing] }))).toMatch(line);
    expect(text('finding', incidentState({ alertRules: [inactive, firing] }))).toMatch(line);
    expect(text('finding', healthyState({ alertRules: [inactive, unread] }))).not.toMatch(/Alerts/);
  });
});
