import { fromSignature } from '../../source/diagnosis/from-signature.js';
import type { FailureMode } from '../failure-mode.js';
import { docker } from './cause.js';
import { signature } from './signature.js';
import { texts } from './texts.js';

export const cpuLimit: FailureMode = {
  ...texts,
  mode: fromSignature(signature),
  causes: { docker: [docker] },
};
