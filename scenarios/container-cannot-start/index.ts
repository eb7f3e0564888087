import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const containerCannotStart: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: 'it is a mistake in how a container was made: nothing done to a running one makes it',
};
