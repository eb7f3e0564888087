/** What watching costs: own CPU and bytes written to the terminal, over the last tick. */
export interface CostMeter {
  /** Reads the figures since the last call. `bytesWritten` is the total so far. */
  read(bytesWritten: number): { readonly cpuPercent: number; readonly bytesPerSecond: number };
}

/** A meter over this process; CPU in per-core percent, smoothed over about five readings. */
export function createCostMeter(now: () => number): CostMeter {
  let at = now();
  let cpu = process.cpuUsage();
  let bytes = 0;
  let smooth: number | undefined;
  return {
    read(bytesWritten) {
      const t = now();
      const used = process.cpuUsage(cpu);
      const seconds = Math.max((t - at) / 1000, 0.001);
      const percent = (used.user + used.system) / 10_000 / seconds;
      smooth = smooth === undefined ? percent : smooth * 0.8 + percent * 0.2;
      const rate = (bytesWritten - bytes) / seconds;
      at = t;
      cpu = process.cpuUsage();
      bytes = bytesWritten;
      return { cpuPercent: smooth, bytesPerSecond: Math.max(0, rate) };
    },
  };
}
