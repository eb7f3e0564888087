import type { FailureMode } from '../failure-mode.js';
import { embedded } from './inject.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const resolverDead: FailureMode = { ...texts, mode, causes: { embedded } };
