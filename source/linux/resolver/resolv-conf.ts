import { isIPv6 } from 'node:net';
import type { LibcKind } from './candidates.js';
import { inetAton } from './inet-aton.js';

/** A line that looks like a setting and is none to the C library. */
export interface LineNotTaken {
  /** Counted from 1. */
  readonly line: number;
  /** As it stands there. */
  readonly text: string;
  /** Why it is passed over, or what is read instead of what was meant. */
  readonly because: string;
}

/** What /etc/resolv.conf says to a C library, with its defaults and caps (man 5 resolv.conf, resolv.h). */
export interface ResolvConf {
  /** Addresses, IPv6 with its %scope as written; at most 3 (MAXNS). 127.0.0.1 when there is none. */
  readonly nameservers: readonly string[];
  /** Suffixes to try, in order; an empty one is the root (`search .`). */
  readonly search: readonly string[];
  /** Names with at least this many dots are asked as they are first; 1 by default, 15 at most. */
  readonly ndots: number;
  /** Seconds before the next server is asked; 5 by default, 30 at most (musl: 60). */
  readonly timeoutSeconds: number;
  /** Rounds over all servers; 2 by default, 5 at most (musl: 10). */
  readonly attempts: number;
  /** Further words of `options` lines: `rotate`, `single-request`, `edns0`, `use-vc`; musl knows none. */
  readonly options: readonly string[];
  /** Lines that were meant and are not taken; absent where there are none. */
  readonly notTaken?: readonly LineNotTaken[];
}

/** Whose resolv.conf it is. */
export interface ResolvConfReader {
  readonly libc?: LibcKind;
  /** Where no line names a suffix, glibc takes the domain of this name, if it has one (gethostname). */
  readonly hostname?: string;
}

const MAX_NAMESERVERS = 3;
const DEFAULTS = { ndots: 1, timeout: 5, attempts: 2 };
/** RES_MAXNDOTS, RES_MAXRETRANS and RES_MAXRETRY of glibc's resolv.h; the figures of musl's resolvconf.c. */
const MOST = {
  glibc: { ndots: 15, timeout: 30, attempts: 5 },
  musl: { ndots: 15, timeout: 60, attempts: 10 },
} as const;
type Count = keyof typeof DEFAULTS;
const COUNTS = Object.keys(DEFAULTS) as Count[];

/** In the order in which glibc compares: a word that begins with one of them is that one (res_setoptions). */
const FLAGS = [
  ...['rotate', 'edns0', 'single-request-reopen', 'single-request', 'no_tld_query', 'no-tld-query'],
  ...['no-reload', 'use-vc', 'trust-ad', 'no-aaaa'],
];

/** What one line sets. */
interface Setting {
  readonly keyword: string;
  readonly rest: string;
}

/**
 * Reads any text as the C library does, character by character: a keyword counts at the beginning of its line only,
 * followed by a space or tab; a carriage return is an ordinary character to glibc and white space to musl; a comment is
 * a line that begins with ; or #. What it would pass over is passed over, and nothing throws.
 */
export function parseResolvConf(
  text: string,
  { libc = 'glibc', hostname = '' }: ResolvConfReader = {},
): ResolvConf {
  const nameservers: string[] = [];
  const options: string[] = [];
  const notTaken: LineNotTaken[] = [];
  let search: string[] | undefined;
  const counts = { ...DEFAULTS };
  // What follows a NUL byte is no longer part of a C string.
  for (const [i, line] of text.split('\n').entries()) {
    const read = line.replace(/\0.*$/s, '');
    const pass = (because: string): number =>
      notTaken.push({ line: i + 1, text: read.slice(0, 120), because });
    const setting = settingOf(read, libc);
    if (!setting) {
      const because = whyNoSetting(read);
      if (because) pass(because);
      continue;
    }
    const { keyword, rest } = setting;
    const words = rest.split(WORD_ENDS[libc]).filter((word) => word !== '');
    if (keyword === 'nameserver') {
      const address = addressOf(words[0] ?? '');
      if (address === undefined) pass(whyNoAddress(words[0] ?? ''));
      else if (nameservers.length < MAX_NAMESERVERS) nameservers.push(address);
      else pass(`only the first ${MAX_NAMESERVERS} nameservers are asked`);
    } else if (keyword === 'options') {
      for (const word of libc === 'musl' ? [rest] : words) setOption(word, libc, counts, options);
    } else if (words.length > 0 || libc === 'musl') {
      // `domain` and `search` replace each other: the last one counts. A domain is one word to glibc.
      search = keyword === 'domain' && libc === 'glibc' ? words.slice(0, 1) : words;
      if (libc === 'glibc' && read.endsWith('\r'))
        pass('the line ends in a carriage return, which becomes part of the last suffix');
    }
  }
  return {
    nameservers: nameservers.length > 0 ? nameservers : ['127.0.0.1'],
    search: search?.map(withoutDot) ?? (libc === 'glibc' ? domainOf(hostname) : []),
    ndots: counts.ndots,
    timeoutSeconds: Math.max(1, counts.timeout),
    attempts: Math.max(1, counts.attempts),
    options,
    ...(notTaken.length > 0 ? { notTaken } : {}),
  };
}

/** Whether an option is set. */
export const hasOption = ({ options }: Pick<ResolvConf, 'options'>, flag: string): boolean =>
  options.includes(flag);

const WORD_ENDS = { glibc: /[ \t]+/, musl: /\s+/ } as const;

function settingOf(line: string, libc: LibcKind): Setting | undefined {
  if (/^[;#]/.test(line)) return undefined;
  const ends =
    libc === 'glibc'
      ? /^(nameserver|domain|search|options)[ \t](.*)$/s
      : /^(nameserver|domain|search|options)\s(.*)$/s;
  const [, keyword, rest] = ends.exec(line) ?? [];
  return keyword === undefined || rest === undefined ? undefined : { keyword, rest };
}

/** Of a line that sets nothing though somebody meant it to. */
function whyNoSetting(line: string): string | undefined {
  if (/^[;#]/.test(line)) return undefined;
  if (/^\uFEFF/.test(line)) return 'a byte order mark stands before the keyword';
  if (/^\s+(nameserver|domain|search|options)\s/.test(line))
    return 'the keyword does not begin the line: it is indented';
  if (/^(nameserver|domain|search|options)\s/i.test(line)) return 'keywords are written in small letters';
  return /^(nameserver|search|options)[=:]/.test(line)
    ? 'a space follows the keyword, no other sign'
    : undefined;
}

/** The address of a nameserver, or undefined where the C library sees none. A scope is kept as it is written. */
function addressOf(word: string): string | undefined {
  const [address = ''] = word.split('%');
  return inetAton(word) ?? (isIPv6(address) ? word.replace(/%$/, '') : undefined);
}

function whyNoAddress(word: string): string {
  if (word === '') return 'no address follows';
  if (addressOf(word.trim()) !== undefined)
    return 'the line ends in a carriage return, so that it is no address';
  return `${word.slice(0, 60)} is no IP address`;
}

function setOption(word: string, libc: LibcKind, counts: Record<Count, number>, options: string[]): void {
  for (const name of COUNTS) {
    // glibc compares the beginning of each word, and reads as atoi(3) does: what is no number is 0.
    const match = (
      libc === 'glibc' ? new RegExp(`^${name}:\\s*([+-]?\\d{0,9})`) : new RegExp(`${name}:(\\d{1,9})`)
    ).exec(word);
    if (!match) continue;
    const value = Math.min(Math.max(0, Number(match[1]) || 0), MOST[libc][name]);
    counts[name] = value;
    if (libc === 'glibc') return;
  }
  if (libc === 'musl') return;
  options.push(FLAGS.find((flag) => word.startsWith(flag)) ?? word);
}

const withoutDot = (suffix: string): string => suffix.replace(/\.$/, '');

function domainOf(hostname: string): string[] {
  const dot = hostname.indexOf('.');
  return dot < 0 || dot === hostname.length - 1 ? [] : [withoutDot(hostname.slice(dot + 1))];
}
