import { tryReadText } from '../read-text.js';
import { type CgroupMount, cgroupFolder, parseCgroupMounts, parseMemberships } from './cgroup-path.js';
import type { CgroupFiles, CgroupReading } from './cgroup-reading.js';
import { decodeCpuV1, decodeMemoryV1, decodePids } from './cgroup-v1.js';
import { decodeCpuV2, decodeMemoryV2 } from './cgroup-v2.js';

/** Where a process's cgroup files are; opaque, for `readCgroup`. They stay the same for as long as a container runs. */
export interface CgroupFolders {
  readonly unified: string | undefined;
  readonly cpu: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly pids: string | undefined;
}

/** The cgroup hierarchies mounted on this host; empty where there is no /proc. Mounts do not change: read once. */
export function readCgroupMounts(proc = '/proc'): readonly CgroupMount[] {
  return parseCgroupMounts(tryReadText(`${proc}/self/mountinfo`) ?? '');
}

/** The cgroup folders of a process, or undefined when it is gone or no hierarchy is mounted here. */
export function findCgroup(
  pid: number,
  mounts: readonly CgroupMount[],
  proc = '/proc',
): CgroupFolders | undefined {
  const text = tryReadText(`${proc}/${pid}/cgroup`);
  if (text === undefined) return undefined;
  const memberships = parseMemberships(text);
  const folder = (controller: string | null): string | undefined =>
    cgroupFolder(memberships, mounts, controller);
  const folders = {
    unified: folder(null),
    cpu: folder('cpu'),
    cpuacct: folder('cpuacct'),
    memory: folder('memory'),
    pids: folder('pids'),
  };
  return Object.values(folders).some((found) => found !== undefined) ? folders : undefined;
}

/**
 * Reads a cgroup's use: eight small files, 0.2 ms. Where both versions are mounted each controller is read from the
 * one that has it. Undefined when nothing can be read: the folder goes with the last process in it.
 */
export function readCgroup(folders: CgroupFolders): CgroupReading | undefined {
  const { cpu, cpuacct, memory, pids, unified } = folders;
  const isV1 = memory !== undefined || cpu !== undefined || cpuacct !== undefined;
  const v2 = filesOf(unified);
  const reading: CgroupReading = isV1
    ? {
        version: 1,
        cpu: decodeCpuV1(filesOf(cpu), filesOf(cpuacct)),
        memory: decodeMemoryV1(filesOf(memory)) ?? decodeMemoryV2(v2),
        pids: decodePids(filesOf(pids)) ?? decodePids(v2),
      }
    : { version: 2, cpu: decodeCpuV2(v2), memory: decodeMemoryV2(v2), pids: decodePids(v2) };
  return reading.cpu === null && reading.memory === null && reading.pids === null ? undefined : reading;
}

function filesOf(folder: string | undefined): CgroupFiles {
  return (name) => (folder === undefined ? undefined : tryReadText(`${folder}/${name}`));
}
