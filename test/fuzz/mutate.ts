import { spoil } from '../linux/seeded-random.js';

type Random = () => number;

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T;

/** Pieces at which readers of numbers, lines, lengths and text break. */
const PIECES: readonly Buffer[] = [
  ...['', ' ', '\n', '\r\n', '\t', '\0', ':', '-', '-1', '0', '"', '\\', '{', ']', ',', 'null', 'NaN'],
  ...['18446744073709551616', '9'.repeat(40), '1e309', '0x', 'ffffffff', '\u202e', '\u001b]52;c;eA==\u0007'],
].map((text) => Buffer.from(text));
const BYTES: readonly Buffer[] = [
  Buffer.from([0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0, 0, 0, 0]),
  Buffer.from([0x80, 0, 0, 0]),
  Buffer.from([0xc0, 0x0c]),
  Buffer.from([0xe2, 0x82]),
];

/** A captured input made worse: spoilt, a hostile piece put in, a part said again, or another input behind it. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  const seed = pick(seeds, random);
  const way = random();
  if (way < 0.4) return spoil(seed, random);
  const at = Math.floor(random() * (seed.length + 1));
  const [before, after] = [seed.subarray(0, at), seed.subarray(at)];
  if (way < 0.65) return Buffer.concat([before, pick(random() < 0.5 ? PIECES : BYTES, random), after]);
  if (way < 0.8) {
    const part = after.subarray(0, 1 + Math.floor(random() * 80));
    return Buffer.concat([
      before,
      ...Array.from({ length: 1 + Math.floor(random() * 20) }, () => part),
      after,
    ]);
  }
  if (way < 0.9) return Buffer.concat([before, pick(seeds, random).subarray(Math.floor(random() * 50))]);
  return spoil(spoil(seed, random), random);
}

const VALUES: readonly unknown[] = [
  ...[null, true, -1, 0, 1e308, '', 'x', '\u0000', '9'.repeat(400), [], {}, [null], [[]], { '': null }],
  ...[{ Name: null }, { toString: 1 }, 2 ** 53],
];

/** JSON made worse: somewhere in it a value is another one, is gone, or has a sibling of another kind. */
export function mutatedJson(seeds: readonly unknown[], random: Random): unknown {
  const copy = structuredClone(pick(seeds, random));
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) change(copy, random);
  return random() < 0.02 ? structuredClone(pick(VALUES, random)) : copy;
}

function change(value: unknown, random: Random): void {
  if (typeof value !== 'object' || value === null) return;
  const inside = value as Record<string, unknown>;
  const key = pick(Object.keys(inside), random);
  if (key === undefined) return;
  const isBranch = typeof inside[key] === 'object' && inside[key] !== null;
  if (isBranch && random() < 0.75) change(inside[key], random);
  else if (random() < 0.2) delete inside[key];
  else inside[key] = structuredClone(pick(VALUES, random));
}
