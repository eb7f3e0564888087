import { existsSync, readlinkSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { descendantsOf, isAlive, type ProcessIdentity } from '../../linux/process/identity.js';
import { tryReadText } from '../../linux/read-text.js';
import type { Manifest } from './manifest.js';

/**
 * Whether a live process that a manifest names is of its lab: every service is started in the lab's temporary
 * directory, and the kernel says where a process stands. To root without CAP_SYS_PTRACE, as in a container, it does not
 * say that of another user's process: PostgreSQL's is known by its command line, which names that directory. Without
 * /proc its start time has to do.
 */
export function isOfLab({ pid }: ProcessIdentity, { tempDir }: Pick<Manifest, 'tempDir'>): boolean {
  if (!existsSync('/proc/self/cwd')) return true;
  try {
    // One that stands in a folder that was removed stands in "/tmp/faultline-lab-a1 (deleted)".
    const inside = relative(tempDir, readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, ''));
    return inside !== '..' && !inside.startsWith('../') && !isAbsolute(inside);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' && (tryReadText(`/proc/${pid}/cmdline`) ?? '').includes(`${tempDir}/`);
  }
}

/** Whether a process is one of a lab, or a child of one: only such a one is ever signalled on a journal's word. */
export function belongsTo(process: ProcessIdentity, manifest: Manifest): boolean {
  const same = ({ pid, startTime }: ProcessIdentity): boolean =>
    pid === process.pid && startTime === process.startTime;
  const services = manifest.processes.filter((one) => isAlive(one) && isOfLab(one, manifest));
  return services.some((one) => same(one) || descendantsOf(one.pid).some(same));
}
