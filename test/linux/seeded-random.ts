/** A small seeded generator (mulberry32): random input that is the same on every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Input made worse: cut short, some bytes changed, a piece doubled or taken out. */
export function spoil(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes.subarray(0, Math.floor(random() * (bytes.length + 1))));
  const changes = Math.floor(random() * 8);
  for (let i = 0; i < changes && copy.length > 0; i++)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  const at = Math.floor(random() * copy.length);
  const piece = copy.subarray(at, at + Math.floor(random() * 40));
  const way = random();
  if (way < 0.2) return Buffer.concat([copy, piece]);
  if (way < 0.4) return Buffer.concat([copy.subarray(0, at), copy.subarray(at + piece.length)]);
  return copy;
}

/** Bytes out of nothing. */
export function noise(length: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}
