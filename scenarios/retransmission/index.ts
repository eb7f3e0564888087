import type { FailureMode } from '../failure-mode.js';
import { mode } from './mode.js';
import { texts } from './texts.js';

export const retransmission: FailureMode = {
  ...texts,
  mode,
  causes: {},
  notCaused: "the host's own network is nothing to break: packet-loss does the same to one container",
};
