import type { FailureMode } from '../failure-mode.js';
import { causes } from './inject.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const drainGap: FailureMode = { ...texts, mode, causes };
