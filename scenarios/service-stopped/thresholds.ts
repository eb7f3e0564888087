import { JUST_STARTED } from '../../source/diagnosis/facts/units.js';
import { REFUSED_LATELY } from '../../source/diagnosis/facts/unreached.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { attemptsInVain, endsInALoop, failingTargets, MISSED, STARTING } from '../common-thresholds.js';

/** Every figure that a stopped service is judged by. */
export const THRESHOLDS = {
  refusals: {
    unit: 'runs',
    value: 2,
    weight: 0.3,
    source:
      'connect(2): ECONNREFUSED means that nobody listens on that port, or that a firewall says so; one may be a restart',
  },
  refusedLately: REFUSED_LATELY,
  processEnded: {
    unit: '',
    weight: 0.25,
    against: 0.1,
    reads: 'running',
    source: 'wait(2): how the process ended',
  },
  listener: {
    unit: '',
    weight: 0.1,
    against: 0.15,
    reads: 'a listener',
    source: 'sock_diag(7): LISTEN sockets of this network namespace',
  },
  unitDown: {
    unit: '',
    weight: 0.25,
    reads: 'active',
    source: 'systemctl(1): ActiveState and SubState of the service that listened there',
  },
  restartsInLoop: endsInALoop('restarts', 0.3, 'systemd gives up after 5 in 10 s (DefaultStartLimitBurst)'),
  justStarted: JUST_STARTED,
  attempts: attemptsInVain(3, 0.3),
  starting: STARTING,
  failingUsers: failingTargets(0.05),
  askedForInVain: { ...MISSED, weight: 0.2 },
} as const satisfies Thresholds;
