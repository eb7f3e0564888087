import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const unexplained: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: 'it is what is left to say of what looks sick when no other failure mode explains it',
};
