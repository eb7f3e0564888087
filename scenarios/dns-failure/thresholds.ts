import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { failingTargets, logLines, QUICK_ANSWER } from '../common-thresholds.js';

const RCODE = 'RFC 1035 4.1.1: RCODE 2 server failure, 3 name error, 5 refused';
const SILENCE = 'resolv.conf(5): 5 s for each try, two tries; the probe waits 2 s';

/** Every figure that failing DNS is judged by. */
export const THRESHOLDS = {
  runsInARow: {
    unit: 'runs',
    value: 2,
    source:
      'our choice: one lost datagram is no outage; beside somebody who is given the same name one run is enough',
  },
  failedAnswer: { unit: 'ms', weight: 0.2, reads: 'an address', source: RCODE },
  noAnswer: { unit: 'ms', weight: 0.2, reads: 'an address', source: SILENCE },
  /** The same of the second and third who ask the same resolver: it adds little. */
  failedAnswerBeside: { unit: 'ms', weight: 0.03, reads: 'an address', source: RCODE },
  everyNameAlike: {
    unit: 'names',
    value: 2,
    weight: 0.1,
    reads: 'one name only',
    source: 'a missing record hits one name; what hits every name alike is the way to the server',
  },
  /** Of a resolver that answers in part. */
  runsInPart: {
    unit: 'runs',
    value: 3,
    source: 'our choice: at 20 % loss the same half of three lookups in a row is lost in one of 80 tries',
  },
  unansweredPart: { unit: 'runs', weight: 0.3, reads: 'an answer', source: SILENCE },
  answeredPart: {
    unit: 'ms',
    weight: 0.15,
    reads: 'no answer',
    source: 'whoever answers one question is alive',
  },
  givenToOthers: {
    unit: 'ms',
    weight: 0.2,
    reads: 'an address',
    source: 'the same name, asked by somebody else since it began to fail',
  },
  byAddress: {
    unit: 'ms',
    weight: 0.08,
    reads: 'it connects',
    source: 'Network Failure Scenarios document: DNS apart from the network; connect by address',
  },
  logged: logLines(
    0.08,
    'getaddrinfo(3): EAI_NONAME is NXDOMAIN; EAI_AGAIN is a server failure or no answer',
  ),
  logLookBack: {
    unit: 'ms',
    windowMs: 120_000,
    source: 'our choice: as far back as the beginning of such lines is looked for',
  },
  logGoesOn: { unit: 'ms', windowMs: 6000, source: 'our choice: lines older than this have stopped' },
  askedOften: {
    unit: 'times',
    value: 10,
    source: 'our choice: who asks for a name so often in the minutes that we listen cannot do without it',
  },
  quickAnswer: QUICK_ANSWER,
  failingTarget: failingTargets(0.04, 'Network Failure Scenarios document: names cannot be resolved'),
} as const satisfies Thresholds;
