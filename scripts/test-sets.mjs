// Which tests are pure, in one place: `npm run test:fast` runs these alone, `npm test` runs them first and apart.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Beginnings of the paths of tests that start a lab, servers or child processes, or wait for real time. */
const LIVE = [
  'test/actions',
  'test/console',
  'test/engines/docker',
  'test/faults/desk',
  'test/labs',
  'test/linux/namespace',
  'test/linux/linear-time',
  'test/probes/datastores/exchange',
  'test/probes/dns-out-of-reach',
  'test/probes/dns-probe',
  'test/probes/http-answers',
  'test/probes/http-certificates',
  'test/probes/http-hostile',
  'test/probes/doors/polite',
  'test/probes/edges/refusal-watch',
  'test/probes/http-probe',
  'test/probes/http-small-answers',
  'test/probes/http-ways',
  'test/probes/inside',
  'test/probes/postgres-hostile',
  'test/probes/postgres-probe',
  'test/probes/redis',
  'test/probes/services',
  'test/probes/units',
  'test/record',
  'test/scripts',
];

/** Test files that need a Docker Engine: what knows FAULTLINE_REQUIRE_DOCKER, and what imports a helper that does. */
export const dockerTests = (root) => testsThatKnow(root, 'FAULTLINE_REQUIRE_DOCKER');

/** Tests that are not pure, as vitest's filters take them: those of the list, and what runs the built program. */
export const liveTests = (root) => [...LIVE, ...testsThatKnow(root, 'FAULTLINE_DIST')];

/** Arguments for vitest that leave files out. */
export const without = (globs) => globs.flatMap((glob) => ['--exclude', glob]);

/** Arguments for vitest that leave all but the pure tests. */
export const pureOnly = (root) =>
  without([
    ...liveTests(root).flatMap((beginning) => [`${beginning}*`, `${beginning}/**`]),
    ...dockerTests(root),
  ]);

/** Test files that hold a word, or import a helper that does, or one that imports such a helper. */
function testsThatKnow(root, word) {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const path = join('test', name);
      const text = readFileSync(join(root, path), 'utf8');
      const imports = [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, to]) => join(dirname(path), to));
      return { path, text, imports };
    });
  const isTest = ({ path }) => path.includes('.test.');
  const helpers = new Set();
  const knows = ({ text, imports }) => text.includes(word) || imports.some((one) => helpers.has(one));
  for (let known = -1; known < helpers.size; ) {
    known = helpers.size;
    for (const file of files) if (!isTest(file) && knows(file)) helpers.add(file.path.replace(/\.tsx?$/, ''));
  }
  return files.filter((file) => isTest(file) && knows(file)).map(({ path }) => path);
}
