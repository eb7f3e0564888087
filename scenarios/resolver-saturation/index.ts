import type { FailureMode } from '../failure-mode.js';
import { docker, embedded } from './inject.js';
import { mode } from './mode.js';
import { story } from './story.js';
import { texts } from './texts.js';

export const resolverSaturation: FailureMode = {
  ...texts,
  mode,
  demonstration: { id: 'traffic-spike', title: 'Traffic spike: the resolver saturates and stays so' },
  causes: { embedded, docker: [docker] },
  story,
};
