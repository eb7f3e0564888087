import type { ServiceSample } from '../../probes/samples.js';
import { bytes } from '../../terminal/format.js';
import { supports } from '../evidence.js';
import { isGone } from '../facts/services.js';
import { fresh } from '../facts/values.js';
import type { Threshold } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const MIB = 1024 * 1024;
/** The least limit that is suggested (MiB): Docker takes none below 6. */
const LEAST_MIB = 64;

const LIMIT = {
  unit: '',
  reads: 'a limit of its own',
  source: 'Docker, "Resource constraints": without one a container may take all that the host has',
} as const satisfies Threshold;

/** Containers that may take all memory of the host: then the kernel kills whom it likes. */
export const noMemoryLimit: RiskKind = {
  id: 'no-memory-limit',
  thresholds: { limit: LIMIT },
  find: unlimited(
    ({ container }) => container?.limits.memoryBytes === null,
    ({ name, memoryBytes }) => {
      const used = memoryBytes === null ? '' : `; it uses ${bytes(memoryBytes)} now`;
      const mib = Math.max(LEAST_MIB, Math.ceil((2 * (memoryBytes ?? 0)) / MIB));
      return {
        title: `No memory limit on ${name}`,
        evidence: [
          supports(LIMIT, {
            signal: `service.memory{${name}}`,
            reading: memoryBytes ?? undefined,
            value: `its cgroup has no limit of memory${used}`,
          }),
        ],
        mend: {
          text: 'a limit above its peak (here: twice what it uses now); in compose `mem_limit`',
          command: `docker update --memory ${mib}m --memory-swap ${mib}m ${name}`,
        },
      };
    },
  ),
};

/** Containers that may take every core of the host from their neighbours. */
export const noCpuLimit: RiskKind = {
  id: 'no-cpu-limit',
  thresholds: { limit: LIMIT },
  find: unlimited(
    ({ container }) => container?.limits.cpus === null,
    ({ name, cpuPercent }) => ({
      title: `No CPU limit on ${name}`,
      evidence: [
        supports(LIMIT, {
          signal: `service.cpu{${name}}`,
          reading: cpuPercent ?? undefined,
          value: `its cgroup has no quota of CPU time${cpuPercent === null ? '' : `; it uses ${(cpuPercent / 100).toFixed(2)} cores now`}`,
        }),
      ],
      mend: {
        text: 'a limit above its peak; in compose `cpus`',
        command: `docker update --cpus ${Math.max(1, Math.ceil((2 * (cpuPercent ?? 0)) / 100))} ${name}`,
      },
    }),
  ),
};

/** Of containers that run and are there to stay. */
function unlimited(
  lacks: (service: ServiceSample) => boolean,
  seen: (service: ServiceSample) => Omit<SeenRisk, 'subject'>,
): RiskKind['find'] {
  return (history) =>
    (fresh(history.latest.services)?.services ?? [])
      .filter((service) => !isGone(service) && !service.container?.isTask && lacks(service))
      .map((service) => ({ subject: { kind: 'workload', id: service.name }, ...seen(service) }));
}
