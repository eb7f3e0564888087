import type { FaultlineState } from '../../source/store/state.js';
import { causesOf } from '../health.js';
import { panelOf } from '../list.js';
import type { KeyContext } from './binding.js';
import type { UiState } from './state.js';

/** The service that `r` restarts: the one a person chose, else the one the finding names, else the application. */
export function restartTarget(state: FaultlineState, ui: UiState): string | null {
  const services = state.latest.services?.sample.services ?? [];
  if (ui.chosenService !== null && services.some((service) => service.name === ui.chosenService))
    return ui.chosenService;
  for (const finding of causesOf(state))
    for (const fix of finding.fix)
      if (fix.when === 'now' && fix.action?.name === 'restart' && fix.action.argument)
        return fix.action.argument;
  return state.session.app ?? services[0]?.name ?? null;
}

/** What decides whether keys work, from the live state (a frozen picture does not stop the world). */
export function keyContext(state: FaultlineState, ui: UiState, modes: number): KeyContext {
  return {
    readOnly: state.session.readOnly,
    lab: state.session.mode === 'demo',
    targets: Object.keys(state.latest.http).length,
    running: state.action?.state === 'running' ? state.action.title : null,
    restartTarget: restartTarget(state, ui),
    faults: state.faults.length,
    switches: state.hardening.length,
    modes,
    spikeSize: ui.spikeSize,
    frozen: ui.frozen !== null,
    filterable: panelOf(ui.selected).filterable,
    alone: ui.alone,
    filtered: (ui.filters[ui.selected] ?? '') !== '',
    logs: ui.selected === 'logs',
  };
}
