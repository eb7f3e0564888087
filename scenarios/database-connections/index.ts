import type { FailureMode } from '../failure-mode.js';
import { embedded } from './cause.js';
import { signature } from './signature.js';
import { texts } from './texts.js';

export const databaseConnections: FailureMode = { ...texts, signature, causes: { embedded } };
