/** What watching costs: own CPU and bytes written to the terminal. */
export interface CostMeter {
  /** Reads the figures. `bytesWritten` is the total so far. */
  read(bytesWritten: number): { readonly cpuPercent: number; readonly bytesPerSecond: number };
}

/** The average is over this many readings, one a tick: long enough to be read, short enough to show an incident. */
const READINGS = 10;

interface Reading {
  readonly at: number;
  /** Microseconds of all threads since the process began. */
  readonly cpu: number;
  readonly bytes: number;
}

/** A meter over this process: CPU in per-core percent and bytes a second, averages over the last ten readings. */
export function createCostMeter(now: () => number): CostMeter {
  const take = (bytes: number): Reading => {
    const { user, system } = process.cpuUsage();
    return { at: now(), cpu: user + system, bytes };
  };
  const readings = [take(0)];
  return {
    read(bytesWritten) {
      const newest = take(bytesWritten);
      const oldest = readings[0] ?? newest;
      const seconds = (newest.at - oldest.at) / 1000;
      // Under a tenth of a second one collection of memory is more than all the rest.
      if (seconds < 0.1) return { cpuPercent: 0, bytesPerSecond: 0 };
      readings.push(newest);
      if (readings.length > READINGS) readings.shift();
      return {
        cpuPercent: (newest.cpu - oldest.cpu) / 10_000 / seconds,
        bytesPerSecond: Math.max(0, newest.bytes - oldest.bytes) / seconds,
      };
    },
  };
}
