import type { Clock } from '../../clock.js';
import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import { wholeContainer } from '../../linux/cgroup/container-process.js';
import {
  type CgroupFolders,
  findCgroup,
  readCgroup,
  readCgroupMounts,
} from '../../linux/cgroup/read-cgroup.js';
import type { Look } from './container-meter.js';

/** Reads the cgroup files of containers that run on this host. Their folders are looked up once a life. */
export class OwnCgroups {
  readonly #clock: Clock;
  readonly #mounts = readCgroupMounts();
  readonly #folders = new Map<
    string,
    { readonly pid: number; readonly folders: CgroupFolders | undefined }
  >();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined for one that does not run here, or whose files cannot be read. */
  look({ id, pid }: DockerContainer): Look | undefined {
    if (pid === null) return undefined;
    const known = this.#folders.get(id);
    const found = known?.pid === pid ? known : { pid, folders: this.#find(pid, id) };
    this.#folders.set(id, found);
    const at = this.#clock.now();
    const reading = found.folders && readCgroup(found.folders);
    return reading && { reading, at, own: true };
  }

  /** Forgets containers that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#folders.keys()) if (!ids.has(id)) this.#folders.delete(id);
  }

  #find(pid: number, id: string): CgroupFolders | undefined {
    const folders = findCgroup(pid, this.#mounts);
    return folders && wholeContainer(folders, id);
  }
}
