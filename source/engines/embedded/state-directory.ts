import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where Faultline keeps what must outlive it: manifests of running labs and the fault journal. FAULTLINE_STATE_DIR,
 * else `$XDG_STATE_HOME/faultline`, else `~/.local/state/faultline` (XDG Base Directory Specification 0.8, which
 * also says that a relative path is ignored).
 */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.FAULTLINE_STATE_DIR;
  if (own) return own;
  const xdg = env.XDG_STATE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state'), 'faultline');
}

/** Makes a folder of the state directory, for its owner only. Throws an Error that says what to do instead. */
export function stateFolder(name: string): string {
  const folder = join(stateDirectory(), name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `cannot create ${folder} (${code}): Faultline notes there what it must clean up. ` +
        'Set FAULTLINE_STATE_DIR to a directory that you may write to.',
    );
  }
  return folder;
}
