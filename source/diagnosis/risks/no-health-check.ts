import type { ServiceSample } from '../../probes/samples.js';
import { supports } from '../evidence.js';
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
  find: (history) => (fresh(history.latest.services)?.services ?? []).flatMap(ofContainer),
};

function ofContainer(service: ServiceSample): SeenRisk[] {
  const { name, container, ports } = service;
  const [port] = ports.filter(({ protocol }) => protocol === 'tcp');
  if (!container || container.isTask || container.health !== 'none' || isGone(service) || !port) return [];
  return [
    {
      subject: { kind: 'workload', id: name },
      title: `No health check on ${name}`,
      evidence: [
        supports(THRESHOLDS.check, {
          signal: `service.up{${name}}`,
          value: `it serves port ${port.port}, and its image and its options name no check`,
        }),
      ],
      mend: {
        text: `a check that asks what its clients ask, in its Dockerfile: HEALTHCHECK --interval=10s --timeout=3s CMD wget -qO- http://127.0.0.1:${port.port}/ || exit 1`,
      },
    },
  ];
}
