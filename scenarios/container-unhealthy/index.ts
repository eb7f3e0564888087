import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const containerUnhealthy: FailureMode = { ...texts, mode, causes: {} };
