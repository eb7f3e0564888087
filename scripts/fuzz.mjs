// A million inputs over all decoders of the program (test/fuzz), mutated from captured bytes with a seed that is printed:
//
//   npm run fuzz
//   npm run fuzz -- 200000 7        so many, with this seed: the same inputs again
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [inputs = '1000000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!/^\d+$/.test(inputs) || !/^\d+$/.test(seed)) {
  process.stderr.write('faultline: fuzz takes a number of inputs and a seed\n');
  process.exit(2);
}
process.stdout.write(`${inputs} inputs, seed ${seed}\n`);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/fuzz'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FUZZ_INPUTS: inputs, FUZZ_SEED: seed } },
);
process.exit(status ?? 1);
