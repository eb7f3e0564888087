import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const conntrackFull: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: 'nf_conntrack_max is one figure for the whole host: filling the table would hit everybody on it',
};
