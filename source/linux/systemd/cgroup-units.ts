import { readdirSync, statSync } from 'node:fs';
import { readCgroupMounts } from '../cgroup/read-cgroup.js';
import { isAbove, unitOfPath } from './unit-of.js';

/** Cgroups looked at in one go (10 µs each), how deep slices stand in slices at most, and how many are remembered. */
const MOST_FOLDERS = 4_000;
const DEEPEST = 8;
const MOST_KNOWN = 8_192;
/** Looked at again, where a number was met that none had, after so long (ms). */
const AGAIN_MS = 10_000;

/**
 * Which unit of systemd a socket belongs to, by the number of the cgroup it was made in (INET_DIAG_CGROUP_ID, Linux 5.9):
 * the inode of its folder. It needs no right to look at anybody's descriptors, and is true of what no process holds any
 * more. Of version 1 alone there is nothing to see: all sockets are in its root.
 */
export class CgroupUnits {
  private readonly root: string | undefined;
  private readonly byId = new Map<number, string | undefined>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private wanted = true;

  /** `root` is where version 2 is mounted; absent: as /proc/self/mountinfo says, on hybrid hosts below the first version's. */
  constructor(
    root = readCgroupMounts().find((mount) => mount.version === 2 && mount.root === '/')?.mountPoint,
  ) {
    this.root = root;
  }

  /** Undefined where it belongs to none, or is not known. A number is never given twice: it stands after its unit has ended. */
  of(id: number | null): string | undefined {
    if (id === null) return undefined;
    if (!this.byId.has(id)) this.wanted = true;
    return this.byId.get(id);
  }

  /** Looks at the folders again where a number was met that none had, and that is due. `now` is monotonic ms. */
  refresh(now: number): void {
    if (this.root === undefined || !this.wanted || now - this.lookedAt < AGAIN_MS) return;
    this.lookedAt = now;
    this.wanted = false;
    if (this.byId.size > MOST_KNOWN) this.byId.clear();
    this.look(this.root);
  }

  private look(root: string): void {
    let left = MOST_FOLDERS;
    const at: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
    for (let one = at.pop(); one !== undefined; one = at.pop()) {
      for (const name of foldersIn(`${root}${one.path}`)) {
        if (left-- <= 0) return;
        const path = `${one.path}/${name}`;
        const id = inodeOf(`${root}${path}`);
        const unit = unitOfPath(path);
        if (id !== undefined) this.byId.set(id, unit);
        // What a service has made below itself holds sockets as well.
        const goesOn = unit !== undefined || isAbove(name);
        if (goesOn && one.depth < DEEPEST) at.push({ path, depth: one.depth + 1 });
      }
    }
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function inodeOf(folder: string): number | undefined {
  try {
    return statSync(folder).ino;
  } catch {
    return undefined;
  }
}
