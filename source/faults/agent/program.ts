import { readFileSync } from 'node:fs';

/** The command line of a program beside this file: the text travels in it, the image holds none of it. */
export function program(name: 'open_files' | 'group_memory', ...words: readonly string[]): readonly string[] {
  return ['python3', '-I', '-c', readFileSync(new URL(`./${name}.py`, import.meta.url), 'utf8'), ...words];
}
