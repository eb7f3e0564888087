import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const serviceRestarted: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused:
    'it is no failure: whoever restarts a container in the console, or with docker restart, sees it named',
};
