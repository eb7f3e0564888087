/** How one source of names ends (nsswitch.conf(5)). */
export type NssStatus = 'SUCCESS' | 'NOTFOUND' | 'UNAVAIL' | 'TRYAGAIN';

/** A source of names, and after which ends no other is asked. */
export interface NssSource {
  /** `files`, `dns`, `myhostname`, `mdns4_minimal`, `resolve` ... */
  readonly name: string;
  readonly returnsOn: readonly NssStatus[];
}

const STATUSES: readonly NssStatus[] = ['SUCCESS', 'NOTFOUND', 'UNAVAIL', 'TRYAGAIN'];

/** What glibc takes where no `hosts:` line is (nss/nss_database.c, 2.33 and newer). */
const DEFAULT_SOURCES = 'files dns';

/**
 * The sources of host names in the order in which glibc asks them. A file without a `hosts:` line, or no file, means
 * glibc's default. Of several lines the last one counts; # begins no comment but at the beginning of a line. Anything
 * else is passed over, and nothing throws.
 */
export function hostSources(text: string | undefined): NssSource[] {
  let sources = DEFAULT_SOURCES;
  for (const line of (text ?? '').split('\n')) {
    const [, rest] = /^\s*hosts\s*:(.*)$/s.exec(line) ?? [];
    if (rest !== undefined) sources = rest;
  }
  const found: NssSource[] = [];
  for (const [, actions, name] of sources.matchAll(/\[([^\]]*)\]|([^\s[]+)/g)) {
    if (name !== undefined) found.push({ name, returnsOn: ['SUCCESS'] });
    const last = found.at(-1);
    if (actions === undefined || !last) continue;
    found[found.length - 1] = { name: last.name, returnsOn: withActions(last.returnsOn, actions) };
  }
  return found;
}

function withActions(before: readonly NssStatus[], actions: string): NssStatus[] {
  const returns = new Set(before);
  for (const [, not, word = '', action = ''] of actions.matchAll(/(!?)\s*(\w+)\s*=\s*(\w+)/g)) {
    const status = word.toUpperCase() as NssStatus;
    const meant = STATUSES.filter((one) => (not ? one !== status : one === status));
    if (!STATUSES.includes(status)) continue;
    for (const one of meant)
      if (action.toLowerCase() === 'return') returns.add(one);
      else returns.delete(one);
  }
  return STATUSES.filter((status) => returns.has(status));
}
