import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './usage-error.js';

/** The file of `--record`, absolute; its folder must be there and writable. Throws UsageError that says what is not. */
export function parseRecordFile(file: string | undefined): string | undefined {
  return parseOutputFile('--record', file, 'run.ndjson');
}

/** The file of `--findings`, by the same rules. */
export function parseFindingsFile(file: string | undefined): string | undefined {
  return parseOutputFile('--findings', file, 'findings.md');
}

function parseOutputFile(option: string, file: string | undefined, name: string): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(file);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${option} ${file} is a folder: did you mean ${file.replace(/\/$/, '')}/${name}?`);
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${option} ${file}: there is no folder ${folder}`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`${option} ${file}: ${folder} cannot be written to`);
  }
  return path;
}
