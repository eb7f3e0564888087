import type { FailureMode } from '../../../scenarios/failure-mode.js';
import { mode } from './mode.js';

/** A failure mode as a contributor would add it: a folder, and one line in a list. */
export const toyFiles: FailureMode = {
  id: 'toy-files',
  title: 'Too many open files',
  summary: 'A toy: a service that is about to run out of open files.',
  severity: 'warning',
  origin: 'a test',
  alerts: [{ name: 'ToyFiles', condition: 'open files > 900', for: '2s' }],
  symptoms: ['new connections are not accepted'],
  investigation: [{ step: 'Count them', command: 'ls /proc/<pid>/fd | wc -l', expect: 'above 900' }],
  rootCause: ['files that nobody closes'],
  fix: ['restart it'],
  prevention: ['close what is opened'],
  confusedWith: [{ id: 'conntrack-full', tellApart: 'the table has room' }],
  recovery: ['fewer than 800 open files'],
  mode,
  causes: {},
  notCaused: 'it is a toy',
};
