import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const listenOverflow: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: 'a full queue follows from what keeps a server from accepting: a freeze, a CPU limit, a spike',
};
