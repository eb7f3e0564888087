/** Passwords, logins and tokens taken out of text: whatever is shown, written or recorded passes here. */

const GAP = '…';
/** A text without one of these holds nothing that is looked for. */
const SUSPECT = /[@?#=]|authorization|bearer|basic|passw|passphrase|token|secret|key/i;
/** Words as they stand in text and in JSON. */
const WORD = /[^\s"'`<>]+/g;
/** What the help calls the parts of a login. */
const PLACEHOLDER = /^USER:PASSWORD@/;
/** A host that can be told from any other word: with a dot, a port, brackets, or by its name. */
const HOST = /^(?:\[[0-9a-f:.%]+\]|localhost|[\w-]+(?:\.[\w-]+)+|[\w.-]+:\d{1,5})(?=[:/?#,;)\]}]|$)/i;
/** A port, and not the beginning of a password. */
const PORT = /^\d{0,5}$/;
const HEADER =
  /(authorization|x-[a-z]{1,20}-(?:token|key|auth))(\\?["']?\s*[:=]\s*\\?["']?)((?:bearer|basic|digest|negotiate|token)\s+)?[^\s"',;]+/gi;
const BEARER = /(bearer\s+)[\w.~+/=-]{4,}/gi;
/** Base64 that is no word of prose: RFC 7617. */
const BASIC = /(\b[Bb]asic\s+)(?=[A-Za-z+/]*[0-9A-Z+/=])[A-Za-z0-9+/]{6,}={0,2}/g;
const NAMED =
  /(password|passwd|passphrase|token|secret|(?:api|access|private|account)[-_]?key)(\\?["']?\s*[=:]\s*)("[^"]*"|'[^']*'|\\"[^"\\]*\\"|[^\s,;&"']+)/gi;
/** What closes around a value, and is no part of it. */
const CLOSING = /[)\]}]*$/;
/** Names of fields whose text is a secret, whatever it is. */
const SECRET_FIELD = /^(?:.*[-_.])?(?:password|passwd|passphrase|token|secret|authorization|api[-_]?key)$/i;

/**
 * Any text with its secrets left out: the login of a URL, one whose password holds `@` or `/` included, values of
 * queries, `Authorization` and what follows `password=` and the like. Linear in its length; safe to apply twice.
 */
export function withoutSecrets(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replace(WORD, maskWord)
    .replace(HEADER, `$1$2$3${GAP}`)
    .replace(BEARER, `$1${GAP}`)
    .replace(BASIC, `$1${GAP}`)
    .replace(
      NAMED,
      (_, name: string, between: string, value: string) =>
        `${name}${between}${GAP}${CLOSING.exec(value)?.[0] ?? ''}`,
    );
}

/**
 * What was typed for an address, for the line that refuses it: nothing that stands before an `@`, no value of its
 * query. It need not be a URL, nor one word.
 */
export function withoutLogin(typed: string): string {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(typed) ?? [];
  const at = typed.lastIndexOf('@');
  return maskQuery(at < scheme.length ? typed : `${scheme}${typed.slice(at + 1)}`);
}

/** A URL as it may be shown: without its login, with the names in its query and not the values. Throws TypeError for what is none. */
export function shownUrl(text: string): string {
  const { protocol, host, pathname, search } = new URL(text);
  // A socket in the file system has no host.
  return `${protocol}${host === '' ? '' : `//${host}`}${pathname}${search === '' ? '' : `?${maskPairs(search.slice(1))}`}`;
}

/** The text of a field, which is left out whole where the field is called a password, a token or the like. */
export const fieldWithoutSecrets = (name: string, text: string): string =>
  text !== '' && SECRET_FIELD.test(name) ? GAP : withoutSecrets(text);

/** The replacer of JSON.stringify that leaves secrets out. */
export function maskField(name: string, value: unknown): unknown {
  if (typeof value === 'string') return fieldWithoutSecrets(name, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return entries.some(([key]) => SUSPECT.test(key))
    ? Object.fromEntries(entries.map(([key, part]) => [withoutSecrets(key), part]))
    : value;
}

/** A word without the login and the query's values of the address that it may be. */
function maskWord(word: string): string {
  if (!/[@?#]/.test(word)) return word;
  return maskQuery(maskLogin(word));
}

function maskLogin(word: string): string {
  const at = word.lastIndexOf('@');
  if (at === -1) return word;
  const slashes = word.indexOf('//');
  if (slashes === -1 || slashes > at) return isLogin(word, at) ? GAP + word.slice(at) : word;
  const begin = slashes + 2;
  const rest = word.slice(begin);
  if (PLACEHOLDER.test(rest)) return word;
  const authority = rest.split(/[/?#\\]/, 1)[0] ?? '';
  const [user = ''] = authority.split('@', 1);
  // Who logs in over SSH is no secret, and a password has no place there.
  if (/\bssh:$/i.test(word.slice(0, slashes)) && !user.includes(':')) return word;
  const afterColon = user.slice(user.lastIndexOf(':') + 1).replace(/^.*\]/, '');
  const isCut = authority.includes('@') || (user.includes(':') && !PORT.test(afterColon));
  return isCut ? `${word.slice(0, begin)}${GAP}${word.slice(at)}` : word;
}

/** `user:password@host` without a scheme; `host:8080/path@x` and `image:tag@sha256:…` are none. */
function isLogin(word: string, at: number): boolean {
  const colon = word.indexOf(':');
  if (colon <= 0 || colon > at) return false;
  const password = word.slice(colon + 1, at);
  return !/^\d{1,5}[/?#]/.test(password) && HOST.test(word.slice(at + 1));
}

/** `x?id=…&token=…`. A `?` that ends a sentence or stands in a pattern begins no query. */
function maskQuery(word: string): string {
  const begin = word.search(/[?#](?=[\w%&[=.~-])/);
  if (begin === -1) return word;
  const [path, query] = [word.slice(0, begin), word.slice(begin + 1)];
  // The fragment of a page is no secret; one with values is (RFC 6749, 4.2.2).
  const isQuery = query.includes('=') || (word[begin] === '?' && path.includes('/'));
  if (!isQuery) return word;
  const end = /[)\]},.;:?!]*$/.exec(query)?.[0] ?? '';
  return `${path}${word[begin]}${maskPairs(query.slice(0, query.length - end.length))}${end}`;
}

/** What is no pair of name and value is left out whole. */
function maskPairs(query: string): string {
  const masked = query.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals === -1) return pair === '' ? '' : GAP;
    return `${pair.slice(0, equals)}=${GAP}`;
  });
  return masked.join('&');
}
