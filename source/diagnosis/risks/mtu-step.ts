import type { HostInterface, InsideSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { supports, type WeightedEvidence } from '../evidence.js';
import { edges } from '../facts/edges.js';
import { apartFromHost } from '../facts/own-networks.js';
import { fresh } from '../facts/values.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  step: {
    unit: 'bytes',
    source:
      'RFC 1191: what does not fit the next hop is dropped and its sender told by ICMP; where that is filtered, large packets vanish',
  },
} as const satisfies Thresholds;

/** Containers whose interface takes larger packets than their way out. */
export const mtuStep: RiskKind = {
  id: 'mtu-step',
  thresholds: THRESHOLDS,
  find: (history) => apartFromHost(history).flatMap((one) => ofNetwork(history, one)),
};

function ofNetwork(history: History, inside: InsideSample): SeenRisk[] {
  const { name, interfaces } = inside;
  const own = interfaces?.find(({ loopback, up }) => up && !loopback);
  if (!own) return [];
  const steps = [...hostSteps(history, inside), ...pathSteps(history, name)].filter(
    ({ mtu }) => mtu < own.mtu,
  );
  const [first] = steps.sort((a, b) => a.mtu - b.mtu);
  if (!first) return [];
  const evidence = ({ what, mtu, signal, at }: Step): WeightedEvidence =>
    supports(THRESHOLDS.step, {
      signal,
      reading: own.mtu,
      value: `${own.name} of ${name}: MTU ${own.mtu}; ${what}: ${mtu}`,
      threshold: `${mtu} bytes`,
      ...(at === undefined ? {} : { at }),
    });
  return [
    {
      subject: { kind: 'workload', id: name },
      title: `Larger packets than the way out takes in ${name}: MTU ${own.mtu}, then ${first.mtu}`,
      evidence: steps.slice(0, 3).map(evidence),
      mend: {
        text: `a network made with the smaller MTU: \`driver_opts: { com.docker.network.driver.mtu: "${first.mtu}" }\`, or "mtu": ${first.mtu} in /etc/docker/daemon.json; and let ICMP type 3 code 4 through`,
      },
    },
  ];
}

interface Step {
  readonly what: string;
  readonly mtu: number;
  readonly signal: string;
  readonly at: number | undefined;
}

/** The bridge that is its gateway, and what the host's own default route leads out of. */
function hostSteps(history: History, { routes }: InsideSample): Step[] {
  const settings = fresh(history.latest.settings);
  const gateway = routes?.find(({ destination, reject }) => destination === '0.0.0.0/0' && !reject)?.gateway;
  const bridge = settings?.interfaces.find(({ addresses }) => gateway != null && addresses.includes(gateway));
  if (!settings || !bridge) return [];
  const outward = settings.interfaces.find(({ name }) => name === settings.defaultDevice);
  const stepOf = ({ name, mtu }: HostInterface, role: string): Step => ({
    what: `${role} ${name} of this host`,
    ...{ mtu, signal: 'settings.interfaces', at: history.latest.settings?.at },
  });
  return [
    stepOf(bridge, 'bridge'),
    ...(outward && outward !== bridge ? [stepOf(outward, 'way out by')] : []),
  ];
}

/** What the kernel has learnt of the ways of its connections. */
const pathSteps = (history: History, name: string): Step[] =>
  edges(history).flatMap(({ inside, direction, pathMtu, label, peerText }) =>
    inside === name && direction === 'out' && pathMtu !== null
      ? [
          {
            what: `the way to ${peerText}, as its connections have it`,
            ...{ mtu: pathMtu, signal: `edge${label}`, at: history.latest.inside?.[name]?.at },
          },
        ]
      : [],
  );
