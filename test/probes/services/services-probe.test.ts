import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Workload } from '../../../source/engines/engine.js';
import type { ServiceSample } from '../../../source/probes/samples.js';
import { CpuMeter } from '../../../source/probes/services/cpu-meter.js';
import { createServicesProbe } from '../../../source/probes/services/services-probe.js';
import { pause, runProbe } from '../run-probe.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    // The whole group: a shell and what it started.
    process.kill(-(child.pid as number), 'SIGKILL');
    await gone;
  }
});

function start(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  children.push(child);
  return child;
}

const workload = (name: string, pid: number | null): Workload => ({
  name,
  state: pid === null ? 'exited' : 'running',
  pid,
  startedAt: pid === null ? null : Date.now() - 5_000,
  restarts: 2,
  lastExit: null,
  ports: [],
});

describe.runIf(process.platform === 'linux')('the services probe', () => {
  it('measures a process with its children, and tells busy from idle', async () => {
    const busy = start('sh', '-c', 'sh -c "while :; do :; done" & wait');
    const idle = start('sleep', '60');
    const probe = createServicesProbe({
      workloads: () => [
        workload('busy', busy.pid ?? null),
        workload('idle', idle.pid ?? null),
        workload('gone', null),
      ],
    });
    const first = await runProbe(probe);
    expect(first.services.map(({ cpuPercent }) => cpuPercent)).toEqual([null, null, null]);
    let sample = first;
    // On a machine that is busy with other things it may be a while until it gets its share.
    for (let look = 0; look < 10 && !((sample.services[0]?.cpuPercent ?? 0) > 10); look++) {
      await pause(1_000);
      sample = await runProbe(probe);
    }
    const { services, means, missing } = sample;
    const [atWork, asleep, gone] = services as [ServiceSample, ServiceSample, ServiceSample];
    expect([means, missing]).toEqual(['/proc', []]);
    expect(atWork.cpuPercent).toBeGreaterThan(10);
    expect(atWork.cpuPercent).toBeLessThan(130);
    expect(asleep.cpuPercent).toBeLessThan(5);
    expect(asleep.processState).toBe('S');
    expect(asleep.memoryBytes).toBeGreaterThan(100_000);
    expect(asleep.openFds).toBeGreaterThanOrEqual(3);
    expect(asleep.fdLimit).toBeGreaterThan(asleep.openFds ?? 0);
    expect(asleep.ageMs).toBeGreaterThanOrEqual(5_000);
    expect(gone).toMatchObject({
      state: 'exited',
      restarts: 2,
      cpuPercent: null,
      memoryBytes: null,
      openFds: null,
      ageMs: null,
    });
  });

  it('tells a stopped process, and knows nothing of one that ended', async () => {
    const child = start('sleep', '60');
    const pid = child.pid as number;
    const probe = createServicesProbe({ workloads: () => [workload('it', pid)] });
    process.kill(pid, 'SIGSTOP');
    await expect.poll(async () => (await runProbe(probe)).services[0]?.processState).toBe('T');
    const ended = start('true');
    await once(ended, 'exit');
    children.splice(children.indexOf(ended), 1);
    const after = createServicesProbe({ workloads: () => [workload('it', ended.pid as number)] });
    expect((await runProbe(after)).services[0]).toMatchObject({ processState: null, memoryBytes: null });
  });

  it('stands on systeminformation where there is no /proc', async () => {
    const probe = createServicesProbe({
      workloads: () => [workload('me', process.pid)],
      means: 'systeminformation',
    });
    const { services, missing } = await runProbe(probe);
    expect(services[0]?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(services[0]?.openFds).toBeNull();
    expect(missing).toHaveLength(1);
  });
});

describe('CPU in per-core percent', () => {
  it('is what was used between two looks', () => {
    const meter = new CpuMeter();
    expect(meter.percent('a', '1@1', 100, 0)).toBeNull();
    expect(meter.percent('a', '1@1', 200, 2_000)).toBe(50);
    expect(meter.percent('a', '1@1', 201, 2_050)).toBe(50);
    expect(meter.percent('a', '1@1', 600, 4_000)).toBe(200);
  });

  it('is unknown after a restart and after time was lost with a child nobody waited for', () => {
    const meter = new CpuMeter();
    meter.percent('a', '1@1', 100, 0);
    expect(meter.percent('a', '2@9', 5, 1_000)).toBeNull();
    expect(meter.percent('a', '2@9', 55, 2_000)).toBe(50);
    expect(meter.percent('a', '2@9', 10, 3_000)).toBeNull();
    meter.keepOnly(new Set());
    expect(meter.percent('a', '2@9', 60, 4_000)).toBeNull();
  });
});
