import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const containerPaused: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: "a pause is one of the console's own actions: freezing a service shows the same",
};
