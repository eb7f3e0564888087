import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const swarmReplicas: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: 'Swarm heals within seconds what is done to a task: only what no node can take stays away',
};
