import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an image is made of. */
export interface Recipe {
  /** What it is called, and what its label says: `toolbox`. */
  readonly kind: string;
  /** `faultline/toolbox:0123456789ab`: the tag is a hash of all that follows, so a change makes another image. */
  readonly tag: string;
  /** The folder that is sent to the daemon, and what of it. */
  readonly context: string;
  readonly files: readonly string[];
  /** The image that it is built on, made before it; absent where that is Debian. */
  readonly standsOn?: Recipe;
}

/** The recipe of an image as it stands in a folder: its Dockerfile and all beside it. Throws when that cannot be read. */
export function recipeOf(kind: string, context: string, standsOn?: Recipe): Recipe {
  const files = filesIn(context).filter((file) => file !== 'Dockerfile');
  const hash = createHash('sha256');
  hash.update(`${standsOn?.tag ?? ''}\n`);
  hash.update(stepsOf(readFileSync(join(context, 'Dockerfile'), 'utf8')));
  for (const file of files)
    hash.update(`\0${file}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(context, file)))
        .digest(),
    );
  const tag = `faultline/${kind}:${hash.digest('hex').slice(0, 12)}`;
  return { kind, tag, context, files: ['Dockerfile', ...files], ...(standsOn ? { standsOn } : {}) };
}

/** A Dockerfile without its comments: those are for people. */
function stepsOf(dockerfile: string): string {
  const lines = dockerfile.split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).join('\n');
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
