import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const swarmReplicas: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused:
    'Swarm heals what is done to a task of the lab within seconds; replicas stay away only when no node can take them',
};
