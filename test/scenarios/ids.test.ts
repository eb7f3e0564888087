import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { failureModes } from '../../scenarios/index.js';

const ROOT = new URL('../../', import.meta.url);

/** Floors that stand below the failure modes, or draw whatever there is of them. */
const BELOW = [
  ...['actions', 'diagnosis', 'store', 'faults', 'probes', 'engines', 'terminal', 'linux'].map(
    (one) => `source/${one}`,
  ),
  'panels',
];

/** `latency` is a word of tc's as well: an option of its token bucket filter. */
const OF_TC = /'tbf'/;

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`);

it('no failure mode is named below scenarios: a mode owns all that is said of it', () => {
  const ids = failureModes.flatMap(({ id, mode }) => [id, ...(mode.aliases ?? [])]);
  const named = new RegExp(`['"\`](${ids.join('|')})['"\`]`);
  const found = BELOW.flatMap(filesIn).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        named.test(line) && !OF_TC.test(line)
          ? [`${path.replace(fileURLToPath(ROOT), '')}:${i + 1} ${line}`]
          : [],
      ),
  );
  expect(found).toEqual([]);
});
