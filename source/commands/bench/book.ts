import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { stateFolder } from '../../engines/embedded/state-directory.js';
import type { Measured } from './measured.js';

/** Results so far, one JSON line for each run: a benchmark that is ended goes on where it stopped. */
export interface ResultBook {
  readonly file: string;
  readonly measured: readonly Measured[];
  add(one: Measured): void;
}

const LINE = z.object({
  kind: z.enum(['cause', 'pair', 'control']),
  what: z.string(),
  round: z.number(),
  wanted: z.array(z.string()),
  told: z.array(z.object({ id: z.string(), title: z.string(), score: z.number() })),
  namedMs: z.number().nullable(),
  placed: z.boolean().nullable(),
  reason: z.string().nullable(),
  load: z.number(),
  at: z.number(),
});

/** Where results of one lab are kept unless a file is named. Throws StateRefused as every use of the state folder. */
export const resultsFileOf = (lab: string): string => join(stateFolder('bench'), `diagnosis-${lab}.ndjson`);

/** Opens it; `fresh` forgets what was measured before. A line that was torn by the end of a run is measured again. */
export function openResults(file: string, fresh: boolean): ResultBook {
  if (fresh) rmSync(file, { force: true });
  const measured = existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(lineOf) : [];
  let torn = existsSync(file) && !readFileSync(file, 'utf8').endsWith('\n');
  return {
    file,
    measured,
    add(one) {
      measured.push(one);
      appendFileSync(file, `${torn ? '\n' : ''}${JSON.stringify(one)}\n`, { mode: 0o600 });
      torn = false;
    },
  };
}

function lineOf(text: string): Measured[] {
  try {
    return [LINE.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
