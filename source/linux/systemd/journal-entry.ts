/** A line of a journal. */
export interface JournalEntry {
  /** Monotonic milliseconds of its boot at which the journal had it. */
  readonly atMs: number;
  readonly message: string;
}

/** Longest message that is kept (characters). */
const LONGEST = 4_096;

/**
 * An entry as `journalctl -o json` writes it, one a line (systemd 252): the message is text; an array of bytes where it is
 * no clean text; null where it is too long; an array of these where it stands more than once. Undefined for what is none.
 */
export function journalEntry(line: string): JournalEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  let entry: { readonly MESSAGE?: unknown; readonly __MONOTONIC_TIMESTAMP?: unknown };
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  const at = Number(entry.__MONOTONIC_TIMESTAMP);
  const message = messageOf(entry.MESSAGE);
  return message === undefined || !Number.isFinite(at) ? undefined : { atMs: at / 1000, message };
}

function messageOf(value: unknown): string | undefined {
  const one = Array.isArray(value) && typeof value[0] !== 'number' ? value[0] : value;
  if (typeof one === 'string') return one.slice(0, LONGEST);
  if (!Array.isArray(one)) return undefined;
  const bytes = one.slice(0, LONGEST);
  return bytes.every((byte) => Number.isInteger(byte)) ? Buffer.from(bytes).toString() : undefined;
}
