import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageKind } from './image.js';

/** What an image is made of. */
export interface Recipe {
  readonly kind: ImageKind;
  /** `faultline/toolbox:0123456789ab`: the tag is a hash of all that follows, so a change makes another image. */
  readonly tag: string;
  /** The folder that is sent to the daemon, and what of it. */
  readonly context: string;
  readonly files: readonly string[];
}

const CONTEXT = fileURLToPath(new URL('./context', import.meta.url));
/** A stage stands on those before it; each copies from the folder of its own name alone. */
const STAGES: readonly ImageKind[] = ['toolbox', 'lab'];

/** The recipe of an image as it stands in a folder. Throws when that cannot be read. */
export function recipeOf(kind: ImageKind, context = CONTEXT): Recipe {
  const stages = STAGES.slice(0, STAGES.indexOf(kind) + 1);
  const files = stages.flatMap((stage) => filesIn(context, stage));
  const hash = createHash('sha256');
  hash.update(stagesOf(readFileSync(join(context, 'Dockerfile'), 'utf8'), kind));
  for (const file of files)
    hash.update(`\0${file}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(context, file)))
        .digest(),
    );
  const tag = `faultline/${kind}:${hash.digest('hex').slice(0, 12)}`;
  return { kind, tag, context, files: ['Dockerfile', ...files] };
}

/** The Dockerfile up to the end of a stage: what comes after it is another image's. */
export function stagesOf(dockerfile: string, kind: ImageKind): string {
  const lines = dockerfile.split('\n');
  const stage = lines.findIndex((line) => line.startsWith('FROM ') && line.trim().endsWith(` AS ${kind}`));
  if (stage < 0) throw new Error(`the Dockerfile has no stage "${kind}"`);
  const next = lines.findIndex((line, at) => at > stage && line.startsWith('FROM '));
  const own = lines.slice(0, next < 0 ? undefined : next);
  // Comments are for people, and those above the next stage belong to it.
  return own.filter((line) => line.trim() !== '' && !line.startsWith('#')).join('\n');
}

function filesIn(context: string, folder: string): string[] {
  if (!existsSync(join(context, folder))) return [];
  const entries = readdirSync(join(context, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => join(entry.parentPath, entry.name).slice(context.length + 1))
    .sort();
}
