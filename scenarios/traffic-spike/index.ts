import { fromSignature } from '../../source/diagnosis/from-signature.js';
import type { FailureMode } from '../failure-mode.js';
import { docker, embedded } from './cause.js';
import { signature } from './signature.js';
import { story } from './story.js';
import { texts } from './texts.js';

export const trafficSpike: FailureMode = {
  ...texts,
  mode: fromSignature(signature),
  causes: { embedded, docker: [docker] },
  story,
};
