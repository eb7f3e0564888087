/** Sums over all CPUs of /proc/net/stat/nf_conntrack; null for a column this kernel does not have. */
export interface ConntrackStat {
  readonly drop: number | null;
  readonly earlyDrop: number | null;
  readonly insertFailed: number | null;
  readonly clashResolved: number | null;
}

/**
 * Hexadecimal, one line a possible CPU, columns by the header: their meaning and order changed between kernels
 * (`searched` became `clashres`). `entries` is the same total on every line and is never added up.
 */
export function parseConntrackStat(text: string): ConntrackStat {
  const [header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const names = header.trim().split(/\s+/);
  const sum = (name: string): number | null => {
    const column = names.indexOf(name);
    if (column < 0) return null;
    let total = 0;
    for (const line of lines) {
      const word = line.trim().split(/\s+/)[column] ?? '';
      if (/^[0-9a-f]+$/i.test(word)) total += Number.parseInt(word, 16);
    }
    return total;
  };
  return {
    drop: sum('drop'),
    earlyDrop: sum('early_drop'),
    insertFailed: sum('insert_failed'),
    clashResolved: sum('clashres'),
  };
}
