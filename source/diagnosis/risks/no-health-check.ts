import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { supports } from '../evidence.js';
import { isLocal } from '../facts/addresses.js';
import { insideOf } from '../facts/inside.js';
import { isGone } from '../facts/services.js';
import { fresh } from '../facts/values.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  check: {
    unit: '',
    reads: 'a health check of its own',
    source:
      'Docker, HEALTHCHECK: without one a container that answers nobody is "running"; `depends_on` cannot wait for it',
  },
} as const satisfies Thresholds;

/** Containers that serve others and of which nobody would know that they hang. */
export const noHealthCheck: RiskKind = {
  id: 'no-health-check',
  thresholds: THRESHOLDS,
  find: (history) =>
    (fresh(history.latest.services)?.services ?? []).flatMap((service) => ofContainer(history, service)),
};

function ofContainer(history: History, service: ServiceSample): SeenRisk[] {
  const { name, container } = service;
  if (!container || container.isTask || container.health !== 'none' || isGone(service)) return [];
  const port = portOf(history, service);
  if (port === undefined) return [];
  return [
    {
      subject: { kind: 'workload', id: name },
      title: `No health check on ${name}`,
      evidence: [
        supports(THRESHOLDS.check, {
          signal: `service.up{${name}}`,
          value: `it serves port ${port}, and its image and its options name no check`,
        }),
      ],
      mend: {
        text: `a check that asks what its clients ask, in its Dockerfile: HEALTHCHECK --interval=10s --timeout=3s CMD wget -qO- http://127.0.0.1:${port}/ || exit 1`,
      },
    },
  ];
}

/** The first port that it serves others at, as it stands inside: published, or listened on. */
function portOf(history: History, { name, container }: ServiceSample): number | undefined {
  const published = container?.publishedPorts.find(({ protocol }) => protocol === 'tcp');
  const listeners = insideOf(history, name)?.sockets?.listeners ?? [];
  const open = listeners.find(({ address, port }) => !isLoopback(address, port));
  return open?.port ?? published?.port;
}

/** `0.0.0.0` and `::` are everybody's. */
const isLoopback = (address: string, port: number): boolean =>
  address !== '0.0.0.0' && address !== '::' && isLocal(`${address}:${port}`);
