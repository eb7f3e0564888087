import type { FailureMode } from './failure-mode.js';

/** What is said of a failure mode in words, apart from how it is recognised and caused. */
export type FailureTexts = Omit<FailureMode, 'mode' | 'causes' | 'notCaused' | 'demonstration' | 'story'>;
