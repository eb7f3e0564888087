import type { FailureMode } from '../failure-mode.js';
import { docker } from './inject.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const missingMasquerade: FailureMode = { ...texts, mode, causes: { docker } };
