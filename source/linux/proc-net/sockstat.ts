/** What /proc/net/sockstat and sockstat6 count without walking any table (net/ipv4/proc.c). */
export interface Sockstat {
  /** TCP sockets of the family that are in the hash tables, TIME-WAIT and half-open ones left out; null when absent. */
  readonly tcpInuse: number | null;
  /** TIME-WAIT minisockets of both families, those that stand for FIN-WAIT-2 included; only sockstat has it. */
  readonly timeWait: number | null;
  readonly orphan: number | null;
  /** Pages of TCP buffers, of the whole machine. */
  readonly memPages: number | null;
  readonly udpInuse: number | null;
}

/** Values by line and by name; whatever is not there is null. */
export function parseSockstat(text: string): Sockstat {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [head = '', ...words] = line.trim().split(/\s+/);
    const protocol = head.replace(/6?:$/, '');
    for (let i = 0; i + 1 < words.length; i += 2) {
      const value = words[i + 1] ?? '';
      if (/^\d+$/.test(value)) values.set(`${protocol}.${words[i]}`, Number(value));
    }
  }
  const get = (name: string): number | null => values.get(name) ?? null;
  return {
    tcpInuse: get('TCP.inuse'),
    timeWait: get('TCP.tw'),
    orphan: get('TCP.orphan'),
    memPages: get('TCP.mem'),
    udpInuse: get('UDP.inuse'),
  };
}
