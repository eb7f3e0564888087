import { tryReadText } from '../read-text.js';
import type { CgroupFolders } from './read-cgroup.js';

/**
 * Whether a process of this host runs in the container of that full id: every runtime names the container's cgroup
 * after it (`/docker/<id>`, `docker-<id>.scope`, `libpod-<id>.scope`). A process id that a daemon on another host, or in
 * a virtual machine of this one, tells of is some other process here, or none: then false.
 */
export function isProcessOfContainer(pid: number, id: string, proc = '/proc'): boolean {
  return id !== '' && (tryReadText(`${proc}/${pid}/cgroup`)?.includes(id) ?? false);
}

/**
 * The cgroup of the whole container, where its first process sits in one below it (an init system inside makes
 * `/docker/<id>/init.scope`): limits and use are the container's, not that process's.
 */
export function wholeContainer(folders: CgroupFolders, id: string): CgroupFolders {
  const cut = (folder: string | undefined): string | undefined => {
    const end = folder?.indexOf('/', folder.indexOf(id) + id.length) ?? -1;
    return folder === undefined || !folder.includes(id) || end < 0 ? folder : folder.slice(0, end);
  };
  return {
    unified: cut(folders.unified),
    cpu: cut(folders.cpu),
    cpuacct: cut(folders.cpuacct),
    memory: cut(folders.memory),
    pids: cut(folders.pids),
  };
}
