/**
 * Counters of /proc/net/snmp and /proc/net/netstat by `Group.Name` (`Tcp.RetransSegs`, `TcpExt.ListenDrops`).
 * Each group is a line of names and a line of values; columns differ by kernel, so they are matched by name. A value
 * line that is shorter than its names leaves the rest out: absent is not zero.
 */
export function parseCounters(text: string): Map<string, number> {
  const counters = new Map<string, number>();
  const headers = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const group = line.slice(0, colon);
    const words = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const names = headers.get(group);
    if (!names) {
      headers.set(group, words);
      continue;
    }
    headers.delete(group);
    words.forEach((word, i) => {
      const name = names[i];
      // Tcp.MaxConn is -1 where there is no limit.
      if (name && /^-?\d+$/.test(word)) counters.set(`${group}.${name}`, Number(word));
    });
  }
  return counters;
}
