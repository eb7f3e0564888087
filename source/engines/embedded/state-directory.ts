import { existsSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { homeFolder } from '../../linux/home-folder.js';

/** Bits of a mode by which the group or others may write. */
const OTHERS_WRITE = 0o022;

/** What keeps us from the state directory or from a file in it; one line that names it and says what to do. */
export class StateRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StateRefused';
  }
}

/**
 * Where Faultline keeps what must outlive it: manifests of running labs and the fault journal. FAULTLINE_STATE_DIR,
 * else `$XDG_STATE_HOME/faultline`, else `~/.local/state/faultline` (XDG Base Directory Specification 0.8, which
 * also says that a relative path is ignored).
 */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.FAULTLINE_STATE_DIR;
  if (own) return own;
  const xdg = env.XDG_STATE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homeFolder(), '.local', 'state'), 'faultline');
}

/**
 * Makes a folder of the state directory, for its owner only. What is there already must be this user's, closed to
 * others' writing, and no link out of the state directory: what stands in it is carried out. Throws StateRefused, or
 * an Error where it cannot be made; both say what to do instead.
 */
export function stateFolder(name: string): string {
  const base = resolve(stateDirectory());
  const folder = join(base, name);
  assertMayBeMade(base);
  try {
    makeFolders(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StateRefused(
      `cannot create ${folder} (${code}): Faultline notes there what it must clean up. ` +
        'Set FAULTLINE_STATE_DIR to a directory that you may write to.',
    );
  }
  assertOwn(base, lstatSync(base));
  // The state directory itself may be a link of one's own to another disk.
  assertOwn(base, statSync(base));
  if (folder !== base) {
    const found = lstatSync(folder);
    if (!found.isDirectory()) throw refused(folder, found, 'is no folder', `rm ${folder}`);
    assertOwn(folder, found);
  }
  return folder;
}

/** Throws StateRefused where a file or folder is another user's, or one that others may write to. */
export function assertOwn(path: string, found: Stats): void {
  const user = process.geteuid?.();
  if (user === undefined) return;
  if (found.uid !== user)
    throw refused(path, found, `is not this user's (${user})`, `chown -R ${user} ${path}, if it is to be`);
  if (!found.isSymbolicLink() && (found.mode & OTHERS_WRITE) !== 0)
    throw refused(path, found, 'may be written by others', `chmod go-w ${path}`);
}

/** "journal/x.json (owner 1000, mode 0644) is not this user's (0): nothing in it is used. chown …, or …" */
export function refused(path: string, { uid, mode }: Stats, why: string, mend: string): StateRefused {
  const bits = (mode & 0o7777).toString(8).padStart(4, '0');
  return new StateRefused(
    `${path} (owner ${uid}, mode ${bits}) ${why}: nothing in it is used. Look at it, then ${mend}; or set FAULTLINE_STATE_DIR to another folder`,
  );
}

/**
 * A state directory is not made in another user's home: `sudo -E` keeps HOME, and what root made there its owner could
 * neither read nor remove.
 */
function assertMayBeMade(base: string): void {
  const user = process.geteuid?.();
  if (user === undefined || existsSync(base)) return;
  let above = dirname(base);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  const found = statSync(above);
  if (found.uid === user || found.uid === 0) return;
  throw new StateRefused(
    `${base} is not there, and would be made in ${above}, which belongs to another user (${found.uid}) than this one (${user}): set FAULTLINE_STATE_DIR to a folder of your own`,
  );
}

/**
 * As `mkdirSync` with `recursive`, which never ends below a folder whose mkdir says ENOENT, as those of /proc do (Node
 * 24 takes that for a parent that is missing, and makes it again and again).
 */
function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder || existsSync(parent)) throw error;
    makeFolders(parent);
    mkdirSync(folder, { mode: 0o700 });
  }
}
