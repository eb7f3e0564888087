import type { Probe } from '../../probes/probe.js';
import type { InsideMeans, InsideSample, MatrixSample } from '../../probes/samples.js';

/** A look by a program that is run for it costs a process or a container: least time between two (ms). */
const BY_PROGRAM_MS: Partial<Record<InsideMeans['by'], number>> = {
  'docker exec': 30_000,
  'toolbox container': 60_000,
};

/** The probe, run less often where it took a program to look. */
export function slowInside(probe: Probe<InsideSample>): Probe<InsideSample> {
  return paced(
    probe,
    () => probe.intervalMs,
    ({ means }) => [means],
  );
}

/** The probe at an interval of its own (ms), run less often where it took a program to connect. */
export function slowMatrix(probe: Probe<MatrixSample>, intervalMs: () => number): Probe<MatrixSample> {
  return paced(probe, intervalMs, ({ sources }) => sources.map(({ means }) => means));
}

function paced<Sample>(
  probe: Probe<Sample>,
  intervalMs: () => number,
  meansOf: (sample: Sample) => readonly InsideMeans[],
): Probe<Sample> {
  let least = 0;
  return {
    ...probe,
    get intervalMs() {
      return Math.max(intervalMs(), least);
    },
    async run(context) {
      const sample = await probe.run(context);
      least = Math.max(0, ...meansOf(sample).map(({ by }) => BY_PROGRAM_MS[by] ?? 0));
      return sample;
    },
  };
}
