import type { ServiceSample } from '../../probes/samples.js';
import { bytes } from '../../terminal/format.js';
import { supports } from '../evidence.js';
import { isGone } from '../facts/services.js';
import { fresh } from '../facts/values.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  limits: {
    unit: '',
    reads: 'a limit of its own',
    source:
      'Docker, "Runtime options with memory, CPUs": without one a container may take all that the host has',
  },
} as const satisfies Thresholds;

const MIB = 1024 * 1024;
/** The least limit that is suggested (MiB): Docker takes none below 6. */
const LEAST_MIB = 64;

/** Containers that may take the whole host, and with it their neighbours. */
export const noLimits: RiskKind = {
  id: 'no-limits',
  thresholds: THRESHOLDS,
  find: (history) => (fresh(history.latest.services)?.services ?? []).flatMap(ofContainer),
};

function ofContainer(service: ServiceSample): SeenRisk[] {
  const { name, container, memoryBytes } = service;
  if (!container || container.isTask || isGone(service)) return [];
  const { memoryBytes: memory, cpus } = container.limits;
  const lacking = [...(memory === null ? ['memory'] : []), ...(cpus === null ? ['CPU'] : [])];
  if (lacking.length === 0) return [];
  const used = memoryBytes === null ? '' : `; it uses ${bytes(memoryBytes)} now`;
  const mib = Math.max(LEAST_MIB, Math.ceil((2 * (memoryBytes ?? 0)) / MIB));
  const options = [
    ...(memory === null ? [`--memory ${mib}m --memory-swap ${mib}m`] : []),
    ...(cpus === null ? ['--cpus 1'] : []),
  ];
  return [
    {
      subject: { kind: 'workload', id: name },
      title: `No limit of ${lacking.join(' and ')} on ${name}`,
      evidence: [
        supports(THRESHOLDS.limits, {
          signal: `service.memory{${name}}`,
          reading: memoryBytes ?? undefined,
          value: `its cgroup has no limit of ${lacking.join(' and ')}${used}`,
        }),
      ],
      mend: {
        text: 'a limit above its peak (here: twice what it uses now); in compose `mem_limit` and `cpus`',
        command: `docker update ${options.join(' ')} ${name}`,
      },
    },
  ];
}
