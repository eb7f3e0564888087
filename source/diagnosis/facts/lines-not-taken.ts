import type { Fix } from '../../store/finding.js';
import { isLocal, splitAddress } from './addresses.js';
import type { ResolverView } from './dns.js';
import { now } from './fixes.js';

type Meant = 'nameserver' | 'search';

const KEYWORDS: Readonly<Record<Meant, RegExp>> = {
  nameserver: /^\s*\uFEFF?nameserver/i,
  search: /^\s*\uFEFF?(search|domain)/i,
};

/** A line of a client's resolv.conf that is not taken as it was meant. */
export interface LostLine {
  /** `line 2 of /etc/resolv.conf`. */
  readonly which: string;
  /** The same, with why it is not taken. */
  readonly text: string;
  /** Rewriting it; the command shows what the eye does not see. */
  readonly fix: Fix;
}

/** The first such line that was meant to set this, or undefined. */
function lostLine({ notTaken, client }: ResolverView, meant: Meant): LostLine | undefined {
  const found = notTaken.find(({ text }) => KEYWORDS[meant].test(text));
  if (!found) return undefined;
  const { line, because, text } = found;
  const which = `line ${line} of ${client === null ? '/etc/resolv.conf' : `/etc/resolv.conf of ${client}`}`;
  const show = `sed -n ${line}l /etc/resolv.conf`;
  return {
    which,
    text: `${which} is not read as it was meant: ${because} (${JSON.stringify(text)})`,
    fix: now(`write ${which} anew: ${because}`, client === null ? show : `docker exec ${client} ${show}`),
  };
}

/**
 * The line that should have named a nameserver, where none is named and the C library asks 127.0.0.1 instead; undefined
 * where it asks a server that a line names.
 */
export function lostNameserver(view: ResolverView): LostLine | undefined {
  const { host } = splitAddress(view.resolver);
  return host === '127.0.0.1' && isLocal(view.resolver) ? lostLine(view, 'nameserver') : undefined;
}

/** The line whose suffix is not the one that was meant. */
export const lostSuffix = (view: ResolverView): LostLine | undefined => lostLine(view, 'search');
