import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** Linux's traditional overflow user, where /etc/passwd does not tell. */
const NOBODY: RunAs = { uid: 65_534, gid: 65_534 };
const OTHERS_READ = 0o4;
const OTHERS_SEARCH = 0o1;

/** PostgreSQL refuses to run as root, so root runs it as `nobody`; everyone else as oneself (undefined). */
export function unprivilegedUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('nobody:'));
    const [uid, gid] = (line?.split(':').slice(2, 4) ?? []).map((text) => Number(text) >>> 0);
    return uid && gid ? { uid, gid } : NOBODY;
  } catch {
    return NOBODY;
  }
}

/** Whether someone with no special rights can come to this file or folder and read it: every folder above lets pass. */
export function openToOthers(path: string): boolean {
  try {
    let at = realpathSync(path);
    const { mode } = statSync(at);
    if ((mode & OTHERS_READ) === 0) return false;
    for (;;) {
      const stat = statSync(at);
      if ((stat.mode & OTHERS_SEARCH) === 0 && stat.isDirectory()) return false;
      const above = dirname(at);
      if (above === at) return true;
      at = above;
    }
  } catch {
    return false;
  }
}
