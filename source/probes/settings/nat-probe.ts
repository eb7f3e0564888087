import { execa } from 'execa';
import { type NatRule, parseNatRules } from '../../linux/nat-rules.js';
import { tryReadText } from '../../linux/read-text.js';

const DEADLINE_MS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The rules of this host that translate source addresses, of both firewalls that a kernel may have; null where they cannot
 * be read (no root, no tool). Only what is loaded is asked: asking iptables-legacy would load its tables.
 */
export async function readNatRules(signal: AbortSignal, proc: string): Promise<readonly NatRule[] | null> {
  const isLegacy = /^nat$/m.test(tryReadText(`${proc}/net/ip_tables_names`) ?? '');
  const texts = await Promise.all([
    ...(isLegacy ? [ask(signal, 'iptables-legacy-save', '-t', 'nat')] : []),
    ask(signal, 'nft', 'list', 'ruleset'),
  ]);
  if (texts.includes(null)) return null;
  return texts.flatMap((text) => parseNatRules(text ?? ''));
}

async function ask(signal: AbortSignal, tool: string, ...args: string[]): Promise<string | null> {
  const { failed, stdout } = await execa(tool, args, {
    ...{ timeout: DEADLINE_MS, cancelSignal: signal, reject: false, stdin: 'ignore', maxBuffer: MOST_BYTES },
    env: { LC_ALL: 'C' },
  });
  return failed ? null : stdout;
}
