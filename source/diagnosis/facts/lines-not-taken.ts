import type { LineNotTaken } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import { isLocal, splitAddress } from './addresses.js';
import type { ResolverView } from './dns.js';
import { now } from './fixes.js';

type Meant = 'nameserver' | 'search';

const KEYWORDS: Readonly<Record<Meant, RegExp>> = {
  nameserver: /^\s*\uFEFF?nameserver/i,
  search: /^\s*\uFEFF?(search|domain)/i,
};

/** The first line of a client's resolv.conf that was meant to set this and that its C library does not take so. */
const lineFor = ({ notTaken }: ResolverView, meant: Meant): LineNotTaken | undefined =>
  notTaken.find(({ text }) => KEYWORDS[meant].test(text));

/**
 * The line that should have named a nameserver, where none is named and the C library asks 127.0.0.1 instead; undefined
 * where it asks a server that a line names.
 */
export function lostNameserver(view: ResolverView): LineNotTaken | undefined {
  const { host } = splitAddress(view.resolver);
  return host === '127.0.0.1' && isLocal(view.resolver) ? lineFor(view, 'nameserver') : undefined;
}

/** The line whose suffix is not the one that was meant. */
export const lostSuffix = (view: ResolverView): LineNotTaken | undefined => lineFor(view, 'search');

const fileOf = ({ client }: ResolverView): string =>
  client === null ? '/etc/resolv.conf' : `/etc/resolv.conf of ${client}`;

/** `line 2 of /etc/resolv.conf`. */
export const whichLine = (view: ResolverView, { line }: LineNotTaken): string =>
  `line ${line} of ${fileOf(view)}`;

/** Which line it is, and why it is not taken. */
export const lineText = (view: ResolverView, one: LineNotTaken): string =>
  `${whichLine(view, one)} is not read as it was meant: ${one.because} (${JSON.stringify(one.text)})`;

/** Rewriting that line; the command shows what the eye does not see. */
export const rewriteFix = (view: ResolverView, { line, because }: LineNotTaken): Fix =>
  now(
    `write line ${line} of ${fileOf(view)} anew: ${because}`,
    view.client === null
      ? `sed -n ${line}l /etc/resolv.conf`
      : `docker exec ${view.client} sed -n ${line}l /etc/resolv.conf`,
  );
