import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const staleDns: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused:
    'a client has to be seen before and after a name moves: a lab that is brought for a minute has no time for that',
};
