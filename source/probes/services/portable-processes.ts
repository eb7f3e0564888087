import { familyOf } from '../../linux/process/process-tree.js';

export interface PortableReading {
  readonly state: string | null;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

/** CPU and memory of processes and their children where there is no /proc: one look (`ps` on macOS) for all of them. */
export async function readPortable(pids: readonly number[]): Promise<Map<number, PortableReading>> {
  // Loaded where it is needed: where there is /proc it never is.
  const { default: systeminformation } = await import('systeminformation');
  const { list } = await systeminformation.processes();
  const byPid = new Map(list.map((process) => [process.pid, process]));
  const children = new Map<number, number[]>();
  for (const { pid, parentPid } of list) children.set(parentPid, [...(children.get(parentPid) ?? []), pid]);
  const roots = new Set(pids);
  const readings = new Map<number, PortableReading>();
  for (const pid of pids) {
    const members = familyOf(pid, children, roots).flatMap((member) => byPid.get(member) ?? []);
    if (!byPid.has(pid)) continue;
    readings.set(pid, {
      state: byPid.get(pid)?.state?.charAt(0).toUpperCase() || null,
      cpuPercent: members.reduce((sum, { cpu }) => sum + cpu, 0),
      // systeminformation gives memRss in KiB.
      memoryBytes: members.reduce((sum, { memRss }) => sum + memRss * 1024, 0),
    });
  }
  return readings;
}
