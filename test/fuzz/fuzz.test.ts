import { describe, expect, it } from 'vitest';
import { cpuMs } from '../helpers/cpu-time.js';
import { seededRandom } from '../linux/seeded-random.js';
import { DECODERS, type Decoder } from './decoders.js';

/** Inputs over all decoders. `npm run fuzz` asks for a million, with a seed of its own choice. */
const INPUTS = Number(process.env.FUZZ_INPUTS ?? 20_000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
/** What is kept of an input is no more than this many times its size (a byte may be escaped), and so much beside. */
const MOST_TIMES = 64;
const MOST_BESIDE = 16 * 1024;
/** One input in so many is measured: making text of an output takes longer than decoding. */
const MEASURED = 50;
/** No input of a few kilobytes takes so much CPU (ms) but by chance, as when memory is tidied up; it is tried again. */
const STUCK_MS = 250;

/** The same input many times over, in two sizes: sixteen times as much takes 16 times as long, and what a busy machine adds. */
const [SHORT, LONG] = [8, 128];
const MOST_RATIO = 40;
/** Shorter times (ms) say nothing. */
const CLEAR_MS = 100;

const size = (input: unknown): number =>
  Buffer.isBuffer(input) ? input.length : JSON.stringify(input).length;
const shown = (input: unknown): string =>
  (Buffer.isBuffer(input) ? input.toString('latin1') : JSON.stringify(input)).slice(0, 2_000);

interface Outcome {
  readonly ms: number;
  readonly output: unknown;
  readonly error: unknown;
}

function tried({ decode, declared }: Decoder, input: unknown): Outcome {
  const began = cpuMs();
  let output: unknown;
  let error: unknown;
  try {
    output = decode(input);
  } catch (caught) {
    if (!declared?.(caught)) error = caught;
  }
  return { ms: cpuMs() - began, output, error };
}

/** Does the time grow with the length, and no faster? Three tries, for a machine that is busy. */
function isLinear(decoder: Decoder, input: Buffer): boolean {
  const [short, long] = [SHORT, LONG].map((times) => Buffer.concat(Array(times).fill(input)));
  return [1, 2, 3].some(() => {
    const { ms } = tried(decoder, long);
    return ms < CLEAR_MS || ms / tried(decoder, short).ms < MOST_RATIO;
  });
}

describe(`${INPUTS} inputs, seed ${SEED}: no throw, no standstill, no more kept than came`, () => {
  it.each(DECODERS.map((decoder, i) => [decoder.name, decoder, i] as const))(
    '%s',
    (_, decoder, i) => {
      const random = seededRandom(SEED * 1_000 + i);
      for (let n = 0; n < INPUTS / DECODERS.length; n++) {
        const input = decoder.input(random);
        const { ms, output, error } = tried(decoder, input);
        if (error !== undefined) expect.fail(`input ${n} throws ${(error as Error)?.stack}\n${shown(input)}`);
        if (ms > STUCK_MS)
          expect(tried(decoder, input).ms, `input ${n} again: ${shown(input)}`).toBeLessThan(ms);
        if (n % MEASURED !== 0) continue;
        const kept = JSON.stringify(output)?.length ?? 0;
        const most = MOST_TIMES * size(input) + MOST_BESIDE;
        expect(kept, `input ${n} keeps too much: ${shown(input)}`).toBeLessThan(most);
        if (Buffer.isBuffer(input))
          expect(isLinear(decoder, input), `input ${n}: ${shown(input)}`).toBe(true);
      }
    },
    600_000,
  );
});
