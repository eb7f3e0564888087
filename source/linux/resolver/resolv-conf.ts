/** What /etc/resolv.conf says, with glibc's defaults and caps (man 5 resolv.conf, resolv.h). */
export interface ResolvConf {
  /** Addresses, IPv6 with its %scope as written; at most 3 (MAXNS). 127.0.0.1 when there is none. */
  readonly nameservers: readonly string[];
  /** Suffixes to try, in order. */
  readonly search: readonly string[];
  /** Names with at least this many dots are asked as they are first; 1 by default, 15 at most. */
  readonly ndots: number;
  /** Seconds before the next server is asked; 5 by default, 30 at most. */
  readonly timeoutSeconds: number;
  /** Rounds over all servers; 2 by default, 5 at most. */
  readonly attempts: number;
  /** Further words of `options` lines: `rotate`, `single-request`, `edns0`, `use-vc`. */
  readonly options: readonly string[];
}

const MAX_NAMESERVERS = 3;

/** Parses any text: what glibc would pass over is passed over, and nothing throws. */
export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = [];
  const options: string[] = [];
  let search: string[] = [];
  const numbers = { ndots: 1, timeout: 5, attempts: 2 };
  const most = { ndots: 15, timeout: 30, attempts: 5 };
  for (const line of text.split(/\r?\n/)) {
    // A comment is a line that begins with ; or #, as glibc has it; a trailing one is tolerated by musl only.
    if (/^[;#]/.test(line)) continue;
    const [keyword, ...words] = line
      .replace(/\s[;#].*$/s, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver' && words[0] && nameservers.length < MAX_NAMESERVERS)
      nameservers.push(words[0]);
    // `domain` and `search` replace each other: the last one counts.
    else if (keyword === 'domain' && words[0]) search = [words[0]];
    else if (keyword === 'search') search = words;
    else if (keyword === 'options') {
      for (const word of words) {
        const match = /^(ndots|timeout|attempts):(\d{1,9})$/.exec(word);
        const name = match?.[1] as keyof typeof numbers | undefined;
        if (name) numbers[name] = Math.min(Number(match?.[2]), most[name]);
        else options.push(word);
      }
    }
  }
  return {
    nameservers: nameservers.length > 0 ? nameservers : ['127.0.0.1'],
    search: search.map((suffix) => suffix.replace(/\.$/, '')).filter((suffix) => suffix !== ''),
    ndots: numbers.ndots,
    timeoutSeconds: numbers.timeout,
    attempts: numbers.attempts,
    options,
  };
}
