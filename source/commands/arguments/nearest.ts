/**
 * Edit distance of two words with neighbours that changed places counted as one edit (optimal string alignment):
 * the slips of a typing hand.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(
        (row[j - 1] as number) + 1,
        (last[j] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] as number) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] as number;
}

/**
 * The candidate that was most likely meant: the one that begins with what was typed, else the nearest within a third
 * of the word's length (at least two edits). Undefined when none is near.
 */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  if (word.length >= 2) {
    const begun = candidates.filter((candidate) => candidate.startsWith(word));
    if (begun.length === 1) return begun[0];
  }
  const allowed = Math.max(2, Math.floor(word.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    // As many edits as there are letters is another word, not a slip.
    if (distance > allowed || distance >= Math.max(word.length, candidate.length)) continue;
    if (!best || distance < best.distance) best = { candidate, distance };
  }
  return best?.candidate;
}

/** ": did you mean check?", or the whole list when nothing is near. */
export function suggestion(typed: string, candidates: readonly string[]): string {
  const near = nearest(typed, candidates);
  return near === undefined ? `: it is one of ${candidates.join(', ')}` : `: did you mean ${near}?`;
}
