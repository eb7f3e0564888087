import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cgroupFolder,
  parseCgroupMounts,
  parseMemberships,
} from '../../../source/linux/cgroup/cgroup-path.js';
import { cgroupRates } from '../../../source/linux/cgroup/cgroup-rates.js';
import type { CgroupFiles, CgroupReading } from '../../../source/linux/cgroup/cgroup-reading.js';
import { decodeCpuV1, decodeMemoryV1, decodePids } from '../../../source/linux/cgroup/cgroup-v1.js';
import { decodeCpuV2, decodeMemoryV2 } from '../../../source/linux/cgroup/cgroup-v2.js';
import { findCgroup, readCgroup, readCgroupMounts } from '../../../source/linux/cgroup/read-cgroup.js';
import { noise, seededRandom, spoil } from '../seeded-random.js';

const bytes = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const text = (name: string): string => bytes(name).toString('latin1');

/** A container on Linux 6.18 with 0.2 CPU, 32 MiB and 40 processes, that was throttled and lost five of its processes. */
const captured: CgroupFiles = (name) => {
  try {
    return text(`v1/${name}`);
  } catch {
    return undefined;
  }
};
const none: CgroupFiles = () => undefined;
const given =
  (files: Readonly<Record<string, string>>): CgroupFiles =>
  (name) =>
    files[name];

describe('cgroup version 1, captured', () => {
  it('reads CPU use and throttling in microseconds', () => {
    expect(decodeCpuV1(captured, captured)).toEqual({
      usageUs: 1_235_741.819,
      limitCores: 0.2,
      periods: 62,
      throttledPeriods: 60,
      throttledUs: 4_602_614.37,
    });
  });

  it('reads memory less the file cache that is given back first, and counts each OOM kill', () => {
    expect(decodeMemoryV1(captured)).toEqual({
      usageBytes: 651_264,
      workingSetBytes: 651_264 - 4_096,
      limitBytes: 32 * 1024 * 1024,
      oomKills: 5,
      limitHits: 0,
    });
  });

  it('reads processes', () => {
    expect(decodePids(captured)).toEqual({ current: 1, max: 40, refused: 0 });
  });

  it('knows no limit when it sees one', () => {
    const files = given({
      'memory.usage_in_bytes': '10\n',
      'memory.limit_in_bytes': '9223372036854771712\n',
      'cpuacct.usage': '5',
      'cpu.cfs_quota_us': '-1\n',
      'cpu.cfs_period_us': '100000\n',
      'pids.current': '3',
      'pids.max': 'max\n',
    });
    expect(decodeMemoryV1(files)).toMatchObject({ limitBytes: null, workingSetBytes: 10, oomKills: null });
    expect(decodeCpuV1(files, files)).toMatchObject({ limitCores: null, periods: null, throttledUs: null });
    expect(decodePids(files)).toEqual({ current: 3, max: null, refused: null });
  });
});

// By the kernel's description of the files (admin-guide/cgroup-v2.rst).
describe('cgroup version 2', () => {
  const files = given({
    'cpu.stat':
      'usage_usec 5000000\nuser_usec 4000000\nsystem_usec 1000000\nnr_periods 100\nnr_throttled 97\nthrottled_usec 7500000\n',
    'cpu.max': '20000 100000\n',
    'memory.current': '1000000\n',
    'memory.max': '67108864\n',
    'memory.stat': 'anon 600000\ninactive_file 300000\n',
    'memory.events': 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n',
  });

  it('reads CPU and memory', () => {
    expect(decodeCpuV2(files)).toEqual({
      usageUs: 5_000_000,
      limitCores: 0.2,
      periods: 100,
      throttledPeriods: 97,
      throttledUs: 7_500_000,
    });
    expect(decodeMemoryV2(files)).toEqual({
      usageBytes: 1_000_000,
      workingSetBytes: 700_000,
      limitBytes: 67_108_864,
      oomKills: 2,
      limitHits: 12,
    });
  });

  it('reads what a cgroup without limits has', () => {
    const bare = given({
      'cpu.stat': 'usage_usec 7\n',
      'cpu.max': 'max 100000\n',
      'memory.current': '5',
      'memory.max': 'max\n',
      'memory.stat': 'inactive_file 9\n',
    });
    expect(decodeCpuV2(bare)).toMatchObject({ usageUs: 7, limitCores: null, throttledPeriods: null });
    expect(decodeMemoryV2(bare)).toMatchObject({ workingSetBytes: 5, limitBytes: null, oomKills: null });
    expect(decodeCpuV2(none)).toBeNull();
    expect(decodeMemoryV2(none)).toBeNull();
  });
});

describe('rates', () => {
  const reading = (
    usageUs: number,
    periods: number,
    throttledPeriods: number,
    oomKills: number,
  ): CgroupReading => ({
    version: 1,
    cpu: { usageUs, limitCores: 0.2, periods, throttledPeriods, throttledUs: 0 },
    memory: { usageBytes: 1, workingSetBytes: 1, limitBytes: null, oomKills, limitHits: 0 },
    pids: null,
  });

  it('are per-core percent, percent of periods, and counts', () => {
    expect(cgroupRates(reading(1e6, 10, 5, 1), reading(3e6, 30, 20, 3), 1_000)).toEqual({
      cpuPercent: 200,
      throttledPercent: 75,
      oomKills: 2,
      refusedForks: null,
    });
  });

  it('are none over a restart, without time, and without a period', () => {
    const restarted = cgroupRates(reading(3e6, 30, 20, 3), reading(1, 1, 1, 0), 1_000);
    expect(Object.values(restarted)).toEqual([null, null, null, null]);
    const still = cgroupRates(reading(1, 1, 1, 0), reading(1, 1, 1, 0), 0);
    expect(still).toMatchObject({ cpuPercent: null, throttledPercent: null, oomKills: 0 });
  });
});

describe('where a cgroup is', () => {
  const id = '871ef1f89b342b298ef95966d02f2dfb92fed66fc2e0f005a504bb4a057a756a';
  const mounts = parseCgroupMounts(text('mountinfo-v1.txt'));
  const memberships = parseMemberships(text('proc-cgroup-v1.txt'));

  it('is told by the process and the mounts', () => {
    expect(cgroupFolder(memberships, mounts, 'memory')).toBe(`/sys/fs/cgroup/memory/docker/${id}`);
    expect(cgroupFolder(memberships, mounts, 'cpuacct')).toBe(`/sys/fs/cgroup/cpuacct/docker/${id}`);
    expect(cgroupFolder(memberships, mounts, null)).toBe(`/sys/fs/cgroup/unified/docker/${id}`);
    expect(cgroupFolder(memberships, mounts, 'hugetlb')).toBeUndefined();
  });

  it('reads joined controllers, spaces and colons', () => {
    const joined = parseCgroupMounts('1 2 0:3 / /a\\040b rw shared:1 - cgroup none rw,cpu,cpuacct\n');
    expect(joined[0]).toMatchObject({ mountPoint: '/a b', controllers: ['cpu', 'cpuacct'] });
    const odd = parseMemberships('3:cpu,cpuacct:/x:y/z w\n0::/u\n1:name=systemd:/s\nrubbish\n');
    expect(cgroupFolder(odd, joined, 'cpu')).toBe('/a b/x:y/z w');
  });

  it('takes the part that is mounted inside a container', () => {
    const part = parseCgroupMounts('1 2 0:3 /docker/a /sys/fs/cgroup rw - cgroup2 none rw\n');
    const at = (path: string): string | undefined => cgroupFolder(parseMemberships(`0::${path}`), part, null);
    expect(at('/docker/a/b')).toBe('/sys/fs/cgroup/b');
    expect(at('/docker/ab')).toBeUndefined();
  });

  it('follows nothing out of the mount, nor to what was removed', () => {
    for (const path of ['/../../etc', '/a/../../b', '/gone (deleted)'])
      expect(cgroupFolder(parseMemberships(`4:memory:${path}`), mounts, 'memory')).toBeUndefined();
  });
});

describe('hostile input', () => {
  const mounts = parseCgroupMounts(text('mountinfo-v1.txt'));

  it('never throws and never makes a figure that is none', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 3_000; round++) {
      const bad: CgroupFiles = (name) => {
        const original = captured(name);
        if (random() < 0.1) return noise(60, random).toString('latin1');
        return original === undefined
          ? undefined
          : spoil(Buffer.from(original, 'latin1'), random).toString('latin1');
      };
      const parts = [
        decodeCpuV1(bad, bad),
        decodeMemoryV1(bad),
        decodePids(bad),
        decodeCpuV2(bad),
        decodeMemoryV2(bad),
      ];
      for (const part of parts)
        for (const value of Object.values(part ?? {}))
          if (value !== null) expect(Number.isFinite(value) && value >= 0).toBe(true);
      const lines = spoil(bytes('proc-cgroup-v1.txt'), random).toString('latin1');
      const found = cgroupFolder(parseMemberships(lines), mounts, 'memory');
      if (found !== undefined) expect(`${found}/`.startsWith('/sys/fs/cgroup/memory/')).toBe(true);
      const table = spoil(bytes('mountinfo-v1.txt'), random).toString('latin1');
      for (const mount of parseCgroupMounts(table)) expect(mount.mountPoint.startsWith('/')).toBe(true);
    }
  });
});

describe.runIf(process.platform === 'linux')('this process', () => {
  it('has a cgroup that can be read, or none is mounted', () => {
    const mounts = readCgroupMounts();
    const folders = findCgroup(process.pid, mounts);
    if (mounts.length > 0) expect(folders).toBeDefined();
    const reading = folders && readCgroup(folders);
    if (reading?.cpu) expect(reading.cpu.usageUs).toBeGreaterThan(0);
    expect(findCgroup(2 ** 22 + 1, mounts)).toBeUndefined();
  });
});
