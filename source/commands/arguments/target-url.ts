import { withoutLogin } from '../../secrets.js';
import { UsageError } from './usage-error.js';

/**
 * An HTTP target as it is typed, normalised. Throws UsageError that says what is wrong and what was likely
 * meant, and never repeats what stands before an @, nor a value of its query: it may be a password.
 */
export function parseTarget(text: string): string {
  const shown = withoutLogin(text);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || (scheme !== 'http' && scheme !== 'https')) {
    const meant = `http://${shown.replace(/^[a-z]*:?\/+/i, '')}`;
    const why = scheme === undefined ? 'has no http:// or https://' : `is ${scheme}, not http or https`;
    throw new UsageError(
      `--target ${shown} ${why}${isUrl(meant) ? `: did you mean ${meant}?` : ': write one like http://127.0.0.1:8080/'}`,
    );
  }
  if (!isUrl(text))
    throw new UsageError(`--target ${shown} is not a URL: write one like ${scheme}://127.0.0.1:8080/`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      `--target ${hostOf(shown)} carries a password, which would be printed: leave it out`,
    );
  return url.href;
}

/** What stands behind a login: the URL itself takes an @ in a password for its end. */
const hostOf = (shown: string): string => shown.replace(/^[a-z]+:\/\//i, '').split(/[/?#]/, 1)[0] ?? '';

function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== '';
}
