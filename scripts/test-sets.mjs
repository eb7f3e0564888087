// Which tests are pure, in one place: `npm run test:fast` runs these alone, `npm test` runs them first and apart.
import { dockerTests } from './test-docker.mjs';

/** Beginnings of the paths of tests that start a lab, servers, child processes or a terminal, or wait for real time. */
export const LIVE = [
  'test/actions',
  'test/commands',
  'test/console',
  'test/engines',
  'test/faults',
  'test/labs',
  'test/linux/namespace',
  'test/probes/dns-probe',
  'test/probes/http-probe',
  'test/probes/inside',
  'test/probes/postgres-probe',
  'test/probes/redis',
  'test/probes/services',
  'test/record',
  'test/scripts',
];

/** Arguments for vitest that leave files out. */
export const without = (globs) => globs.flatMap((glob) => ['--exclude', glob]);

/** Arguments for vitest that leave all but the pure tests. */
export const pureOnly = (root) =>
  without([...LIVE.flatMap((beginning) => [`${beginning}*`, `${beginning}/**`]), ...dockerTests(root)]);
