import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const staleDns: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: 'a container of a lab that is removed cannot be brought back as it was',
};
