import { defineMode } from '../../../source/diagnosis/define-mode.js';
import { supports } from '../../../source/diagnosis/evidence.js';
import { fresh } from '../../../source/diagnosis/facts/values.js';
import { placeOf, workloadPlace } from '../../../source/diagnosis/places.js';
import type { Thresholds } from '../../../source/diagnosis/threshold.js';

const THRESHOLDS = {
  openFiles: {
    unit: 'files',
    raise: 900,
    clear: 800,
    weight: 0.4,
    source: 'our choice, for a toy: near the usual soft limit of 1,024',
  },
} as const satisfies Thresholds;

/** A service that is about to run out of open files; what it serves fails because of it. */
export const mode = defineMode({
  id: 'toy-files',
  called: 'open files',
  scope: 'workload',
  inputs: ['services'],
  forMs: 2000,
  keepMs: 2000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors'],
  rivals: ['conntrack-full'],
  detect(history) {
    const services = fresh(history.latest.services)?.services ?? [];
    return services.flatMap(({ name, openFds, ports }) =>
      openFds === null
        ? []
        : [
            {
              subject: { kind: 'workload' as const, id: name },
              target: name,
              raise: openFds > THRESHOLDS.openFiles.raise,
              clear: openFds < THRESHOLDS.openFiles.clear,
              title: `${name} has ${openFds} open files`,
              severity: 'warning' as const,
              evidence: [
                supports(THRESHOLDS.openFiles, {
                  signal: `service.fds{${name}}`,
                  reading: openFds,
                  value: `${openFds} files`,
                }),
              ],
              fix: [{ when: 'now' as const, text: `restart ${name}` }],
              explanation: [],
              since: null,
              radius: [workloadPlace(name), ...ports.map(({ port }) => placeOf(`127.0.0.1:${port}`))],
            },
          ],
    );
  },
  clears(history) {
    const counts = fresh(history.latest.services)?.services.flatMap(({ openFds }) => openFds ?? []) ?? [];
    const most = Math.max(...counts);
    return counts.length > 0 && most < THRESHOLDS.openFiles.clear ? `${most} open files at most` : undefined;
  },
});
