import type { FailureMode } from '../failure-mode.js';
import { docker } from './cause.js';
import { signature } from './signature.js';
import { texts } from './texts.js';

export const dnsFailure: FailureMode = { ...texts, signature, causes: { docker } };
