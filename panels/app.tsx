import { useInput, useWindowSize } from 'ink';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { keyNames } from '../source/terminal/key-input.js';
import type { AppOptions } from './options.js';
import { screenLines } from './screen/screen.js';
import { ScreenRows } from './screen/screen-rows.js';
import { createController } from './ui/controller.js';
import { createUiStore } from './ui/state.js';
import { watchActions } from './ui/watch-actions.js';

/** The console: draws the store once a commit and on every key, and sends what keys ask for. */
export function App(options: AppOptions) {
  const [ui] = useState(() => createUiStore(options.noRisks));
  const live = useStore(options.store);
  const uiState = useStore(ui);
  const size = useWindowSize();
  const latest = useRef({ size, options });
  latest.current = { size, options };

  const controller = useMemo(() => {
    const { store, dispatch, modes, confirm } = options;
    return createController({
      store,
      ui,
      dispatch,
      modes,
      confirm,
      exit: () => latest.current.options.exit(),
      redraw: () => latest.current.options.redraw?.(),
      size: () => latest.current.size,
    });
  }, [options.store, options.dispatch, options.modes, options.confirm, ui, options]);

  useEffect(() => watchActions(options.store, ui), [options.store, ui]);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) controller.press(name);
  });

  const rows = screenLines({ live, ui: uiState, modes: options.modes, ...size });
  const { paint } = options;
  // After Ink's own frame, which is empty then.
  useLayoutEffect(() => paint?.(rows));
  return paint ? null : <ScreenRows rows={rows} ascii={options.ascii} />;
}
