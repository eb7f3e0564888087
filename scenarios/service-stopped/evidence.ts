import { gather, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { isLocal, splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { names } from '../../source/diagnosis/facts/http.js';
import { listenQueue } from '../../source/diagnosis/facts/listeners.js';
import { processRow } from '../../source/diagnosis/facts/rows.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { besides, type DownUnit, unitText } from '../../source/diagnosis/facts/units.js';
import type { Unreached } from '../../source/diagnosis/facts/unreached.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { plural } from '../../source/terminal/format.js';
import { endsInALoop, failingTargets, STARTING } from '../common-thresholds.js';

/** Every figure that a stopped service is judged by. */
export const THRESHOLDS = {
  refusals: {
    unit: 'runs',
    value: 2,
    weight: 0.3,
    source:
      'connect(2): ECONNREFUSED means that nobody listens on that port, or that a firewall says so; one may be a restart',
  },
  refusedLately: {
    unit: 'ms',
    value: 5000,
    source: 'our choice: refused runs follow one another every 2 s, an older one says nothing of now',
  },
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
  justStarted: {
    unit: 'ms',
    value: 20_000,
    source:
      'our choice: what has been started again and again has not proven itself until it has run for so long',
  },
  attempts: {
    unit: 'attempts',
    value: 3,
    windowMs: 15_000,
    weight: 0.3,
    source: 'our choice: one or two may have met a restart; a client that needs it tries again within 15 s',
  },
  starting: STARTING,
  failingUsers: failingTargets(0.05),
  askedForInVain: {
    unit: '',
    weight: 0.2,
    reads: 'nobody asks for it',
    source: 'its clients, as their connections show them',
  },
} as const satisfies Thresholds;

/** What speaks for and against a stopped service, each with its figure. */
export function evidenceOf(one: Unreached): WeightedEvidence[] {
  const { history, address, service } = one;
  const ended = service && isGone(service);
  return gather(
    refusal(one),
    processRow(history, THRESHOLDS.processEnded, address, ended, 'how its process ended'),
    listener(one),
    one.unit && unitRow(one.unit),
  );
}

/** What systemd says of a service that is down, or what was seen of it. */
export const unitRow = (one: DownUnit): WeightedEvidence =>
  supports(THRESHOLDS.unitDown, {
    signal: one.unit ? 'units' : 'sockets.listeners',
    value: `${unitText(one)}${besides(one.unit)}`,
    ...(one.unit?.endedAt ? { at: one.unit.endedAt } : {}),
  });

function refusal({ refused, runs }: Unreached): WeightedEvidence | undefined {
  const [first] = refused;
  if (!first) return undefined;
  const value = `${names(refused)}: ${first.sample.failure?.text ?? 'refused'}, ${plural(first.failed, 'run')} in a row`;
  return supports(THRESHOLDS.refusals, { signal: `http.ok{${first.target}}`, reading: runs, value });
}

function listener({ history, address }: Unreached): WeightedEvidence | undefined {
  if (!fresh(history.latest.sockets) || !isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  const open = listenQueue(history, address) !== undefined;
  return weigh(!open, THRESHOLDS.listener, {
    signal: 'sockets.LISTEN',
    value: open ? `somebody listens on port ${port}` : `no listener on port ${port}`,
  });
}
