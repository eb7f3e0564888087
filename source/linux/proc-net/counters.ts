/**
 * Counters of /proc/net/snmp and /proc/net/netstat by `Group.Name` (`Tcp.RetransSegs`, `TcpExt.ListenDrops`).
 * Each group is a line of names and a line of values; columns differ by kernel, so they are matched by name. A value
 * line that is shorter than its names leaves the rest out: absent is not zero.
 */
export function parseCounters(text: string): Map<string, number> {
  const counters = new Map<string, number>();
  const headers = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const group = line.slice(0, colon);
    const names = headers.get(group);
    if (!names) {
      headers.set(group, namesOf(group, line));
      continue;
    }
    headers.delete(group);
    wordsOf(line.slice(colon + 1)).forEach((word, i) => {
      const name = names[i];
      // Tcp.MaxConn is -1 where there is no limit.
      if (name && /^-?\d+$/.test(word)) counters.set(name, Number(word));
    });
  }
  return counters;
}

const wordsOf = (text: string): string[] => text.trim().split(/\s+/);

/** By the line that lists them: one kernel always writes the same, and its files are read many times a second. */
const listed = new Map<string, readonly string[]>();
/** A kernel has some eight such lines. */
const MOST_LISTED = 64;

function namesOf(group: string, line: string): readonly string[] {
  const before = listed.get(line);
  if (before) return before;
  const names = wordsOf(line.slice(group.length + 1)).map((name) => (name === '' ? '' : `${group}.${name}`));
  if (listed.size >= MOST_LISTED) listed.clear();
  listed.set(line, names);
  return names;
}
