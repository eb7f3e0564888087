import { readdirSync, readlinkSync, statSync } from 'node:fs';

/** Number of open descriptors, or null when it is not ours to know (or the process is gone). */
export function countFds(pid: number | 'self', proc = '/proc'): number | null {
  const folder = `${proc}/${pid}/fd`;
  try {
    // Linux 6.2 made the folder's size the number of entries; before, it is 0. Looking costs 0.01 ms at any number.
    return statSync(folder).size || readdirSync(folder).length;
  } catch {
    return null;
  }
}

/**
 * Can descriptors of that process be listed? statSync above works on another user's process, and then says 0 or a
 * number; readdir is what needs the right.
 */
export function canListFds(pid: number, proc = '/proc'): boolean {
  try {
    readdirSync(`${proc}/${pid}/fd`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Calls back with the inode of each socket that a process holds, looking at no more than `most` descriptors
 * (5 µs each). Returns how many it looked at, or null when the folder cannot be read.
 */
export function eachSocketInode(
  pid: number | 'self',
  most: number,
  onInode: (inode: number) => void,
  proc = '/proc',
): number | null {
  let names: string[];
  try {
    names = readdirSync(`${proc}/${pid}/fd`);
  } catch {
    return null;
  }
  const looked = Math.min(names.length, most);
  for (const name of names.slice(0, looked)) {
    try {
      const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${proc}/${pid}/fd/${name}`));
      if (match) onInode(Number(match[1]));
    } catch {
      // Closed since the folder was listed.
    }
  }
  return looked;
}
