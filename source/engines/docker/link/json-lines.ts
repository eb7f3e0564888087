/** Longest line taken: labels and names of 10 kB fit many times over. */
const MOST_BYTES = 1024 * 1024;

/**
 * Cuts a byte stream into lines of JSON, each handed on as text. A line beyond 1 MiB is left out, so that a peer
 * that never sends a newline takes no room.
 */
export function jsonLines(onLine: (text: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let overlong = false;
  const hold = (piece: Buffer): void => {
    held += piece.length;
    if (held > MOST_BYTES) {
      overlong = true;
      parts = [];
    } else if (piece.length > 0) parts.push(piece);
  };
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      hold(chunk.subarray(from, at));
      const text = overlong ? '' : Buffer.concat(parts).toString('utf8').trim();
      parts = [];
      held = 0;
      overlong = false;
      if (text !== '') onLine(text);
      from = at + 1;
    }
    hold(chunk.subarray(from));
  };
}
