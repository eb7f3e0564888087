/** A rule that gives what passes another source address. */
export interface NatRule {
  /** Network whose packets it takes, `172.18.0.0/16`; null where it names none, or says it in a way that is not read here. */
  readonly source: string | null;
}

const MOST_LINES = 20_000;
/** `-j MASQUERADE` of iptables-save, `masquerade` and `snat to` of nft. */
const TRANSLATES = /(?:^|\s)(?:-j (?:MASQUERADE|SNAT)|masquerade|snat (?:ip )?to)(?:\s|$)/;
/** What the packet's source has to be, neither negated nor a set. */
const SOURCE = /(?:^|\s)(?:-s|ip saddr) (\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?)(?:\s|$)/;

/** The source-translating rules in what `iptables-save -t nat` or `nft list ruleset` prints; any text is read. */
export function parseNatRules(text: string): NatRule[] {
  return text
    .split('\n', MOST_LINES)
    .filter((line) => TRANSLATES.test(line))
    .map((line) => {
      const source = /! -s\s/.test(line) ? undefined : SOURCE.exec(line)?.[1];
      return { source: source === undefined ? null : source.includes('/') ? source : `${source}/32` };
    });
}
