import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { FULL_LISTENER, failingTargets, SECOND_TRY } from '../common-thresholds.js';

const APART = 'Network Failure Scenarios document: services cannot communicate';

/** Every figure that a partition is judged by. */
export const THRESHOLDS = {
  unanswered: {
    unit: 'ms',
    weight: 0.2,
    reads: 'an answer to the SYN',
    source: 'connect(2): no answer to a SYN; a closed port or a rule that rejects would say so at once',
  },
  noWay: {
    unit: 'ms',
    weight: 0.2,
    reads: 'a SYN that is sent',
    source:
      'ip-route(8): a blackhole gives EINVAL, a prohibition EACCES; connect(2): no route gives ENETUNREACH',
  },
  attempts: {
    unit: 'attempts',
    value: 2,
    source:
      'our choice: one lost attempt in sixteen is what a quarter of lost packets makes; several connections that share an end count at once',
  },
  retries: {
    unit: 'SYNs',
    value: 2,
    source: 'RFC 6298: the second one is sent again 3 s after the first; a lost packet costs one',
  },
  together: { unit: 'SYNs', value: 4, source: 'our choice: at 20 % loss four in a row are one in 600' },
  inTurn: { unit: 'looks', value: 3, windowMs: 10_000, source: 'our choice: of five looks' },
  open: { unit: 'ms', windowMs: 10_000, source: 'our choice: a connection that came about since is no cut' },
  unansweredSyn: {
    unit: 'SYNs',
    weight: 0.3,
    reads: 'an answer to the SYN',
    source: 'tcp(7): SYN-SENT waits for the answer to its SYN',
  },
  stalledData: {
    unit: 'connections',
    weight: 0.1,
    reads: 'an acknowledgement',
    source: 'tcp(7): the timer doubles each time; three times is 1.6 s at least',
  },
  manyWait: {
    unit: 'connections',
    value: 3,
    source: 'our choice: one that waits may be a look for what is gone',
  },
  lossBeside: SECOND_TRY,
  fullListener: { ...FULL_LISTENER, windowMs: 20_000 },
  reachedByOthers: {
    unit: 'connections',
    weight: 0.15,
    reads: 'somebody else connects',
    source: 'Network Failure Scenarios document: the connectivity matrix, each service from each other',
  },
  namesResolve: {
    unit: 'lookups',
    weight: 0.05,
    reads: 'an address',
    source: 'Network Failure Scenarios document: the connectivity matrix, each service from each other',
  },
  waiting: {
    unit: 'connections',
    weight: 0.08,
    reads: '0',
    source: 'tcp(7): SYN-SENT waits for the answer to its SYN',
  },
  halfOpen: {
    unit: 'connections',
    weight: 0.1,
    reads: '0',
    source:
      'tcp(7): SYN-RECV has heard a SYN and waits for the answer to its own; measured: so is a way back that drops',
  },
  /** The process at the other end, of a cut; and of a container that was taken off its network. */
  running: { unit: '', weight: 0.06, against: 0.3, reads: 'running', source: 'the engine, and proc(5)' },
  runningOffNetwork: { unit: '', weight: 0.1, reads: 'running', source: 'the engine, and proc(5)' },
  disconnected: {
    unit: 'ms',
    weight: 0.25,
    source: 'docker network disconnect, and no die event beside it: measured',
  },
  looksAround: {
    unit: 'addresses',
    value: 8,
    source: 'our choice: an application knows the few servers that it needs; a scanner asks whole networks',
  },
  endBeside: {
    unit: 'ms',
    windowMs: 5000,
    source: 'our choice: a container that ends is taken off its networks, too',
  },
  failingTarget: failingTargets(0.04, APART),
  /** The same of a container that was taken off its network. */
  failingTargetOffNetwork: failingTargets(0.05, APART),
  /** What a container's disconnection is by itself, before any evidence: its event is proof. */
  disconnectedScore: { unit: 'share', value: 0.55, source: 'our choice: the engine said so itself' },
} as const satisfies Thresholds;
