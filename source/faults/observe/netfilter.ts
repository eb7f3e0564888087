/** Tables that iptables makes by itself when it first looks at them. */
const OWN_OF_IPTABLES = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

/** Docker's resolver listens on ports that are drawn at each start of a container. */
const dockerResolver = (line: string): string =>
  line
    .replace(/(127\.0\.0\.11:)\d+/, '$1PORT')
    .replace(/(saddr 127\.0\.0\.11 (?:tcp|udp) sport )\d+/, '$1PORT')
    .replace(/(-s 127\.0\.0\.11\/32 .*--sport )\d+/, '$1PORT');

/**
 * `nft -s list ruleset` as one text a table, by `nft <family> <table>`. Left out: elements of sets that change by
 * themselves, and base chains without rules and with policy accept in the tables of iptables, which it makes by
 * looking and which let everything pass.
 */
export function nftTables(text: string): Record<string, string> {
  const tables: Record<string, string> = {};
  for (const [, family, name, body] of text.matchAll(/^table (\S+) (\S+) \{.*\n([\s\S]*?)^\}/gm)) {
    const ofIptables = /^ip6?$/.test(family as string) && OWN_OF_IPTABLES.has(name as string);
    const kept = blocksOf(body as string)
      .map((block) => withoutElements(block))
      .filter((block) => !ofIptables || !isEmptyBaseChain(block));
    const shown = kept.flat().map(dockerResolver).join('\n');
    if (shown !== '' || !ofIptables) tables[`nft ${family} ${name}`] = shown;
  }
  return tables;
}

/** The chains, sets and maps of a table's body, each with its lines. */
function blocksOf(body: string): string[][] {
  const blocks: string[][] = [];
  for (const line of body.split('\n')) {
    if (line.trim() === '') continue;
    if (/^\t\S/.test(line) && line !== '\t}') blocks.push([]);
    blocks.at(-1)?.push(line.replace(/^\t/, '').trimEnd());
  }
  return blocks;
}

function withoutElements(block: string[]): string[] {
  if (!block.some((line) => /^\tflags .*\b(?:timeout|dynamic)\b/.test(line))) return block;
  const start = block.findIndex((line) => /^\telements = \{/.test(line));
  if (start < 0) return block;
  const length = block.slice(start).findIndex((line) => line.trimEnd().endsWith('}')) + 1;
  return [...block.slice(0, start), ...block.slice(start + Math.max(1, length))];
}

const isEmptyBaseChain = (block: string[]): boolean =>
  block.length === 3 && /^chain /.test(block[0] as string) && /policy accept;$/.test(block[1] as string);

/**
 * `iptables-save` without comments, counters, and chains of the kernel that have the policy ACCEPT they begin with:
 * one that nobody looked at yet is not listed. Tables without anything else are left out.
 */
export function iptablesRules(text: string): string {
  const lines: string[] = [];
  for (const section of text.split(/^\*/m).slice(1)) {
    const [name, ...rest] = section.split('\n');
    const kept = rest
      .map((line) => dockerResolver(line.trim().replace(/ ?\[\d+:\d+\]/, '')))
      .filter((line) => line !== '' && line !== 'COMMIT' && !line.startsWith('#'))
      .filter((line) => !/^:\S+ ACCEPT$/.test(line));
    lines.push(...kept.map((line) => `${name} ${line}`));
  }
  return lines.join('\n');
}
