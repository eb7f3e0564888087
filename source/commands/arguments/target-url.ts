import { UsageError } from './usage-error.js';

/**
 * An HTTP target as it is typed, normalised. Throws UsageError that says what is wrong and what was likely
 * meant, and never repeats what stands before an @: it may be a password.
 */
export function parseTarget(text: string): string {
  const shown = text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
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
    throw new UsageError(`--target ${url.host} carries a password, which would be printed: leave it out`);
  return url.href;
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== '';
}
