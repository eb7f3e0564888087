import type { FailureMode } from '../failure-mode.js';
import { docker } from './cause.js';
import { signature } from './signature.js';
import { texts } from './texts.js';

export const partition: FailureMode = { ...texts, signature, causes: { docker } };
