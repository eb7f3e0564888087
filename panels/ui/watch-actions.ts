import type { Store } from '../../source/store/state.js';
import type { UiStore } from './state.js';

/** Notes when an action ends, so that its result can be shown for a while. Returns how to stop watching. */
export function watchActions(store: Store, ui: UiStore): () => void {
  return store.subscribe((state, before) => {
    if (before.action?.state === 'running' && state.action !== null && state.action.state !== 'running')
      ui.setState({ actionEndedAt: state.now });
  });
}
