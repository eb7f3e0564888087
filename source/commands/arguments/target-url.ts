import { withoutLogin } from '../../secrets.js';
import { UsageError } from './usage-error.js';

const SCHEMES = ['http', 'https', 'tcp', 'unix'];
/** `unix:/run/app.sock`, `unix:///run/app.sock:/health`, and `http://unix:/run/app.sock:/health` as nginx writes it. */
const UNIX = /^(?:http:\/\/)?unix:(?:\/\/(?=\/))?(\/(?!\/).*)$/i;

/**
 * A target as it is typed, normalised: an http or https URL, `tcp://HOST:PORT`, or `unix:/SOCKET:/PATH`. Throws
 * UsageError that says what is wrong and what was likely meant, and never repeats what stands before an @, nor a value
 * of its query: it may be a password.
 */
export function parseTarget(text: string): string {
  const shown = withoutLogin(text);
  const [, socket] = UNIX.exec(text) ?? [];
  if (socket !== undefined) return unixTarget(socket, shown);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !SCHEMES.includes(scheme)) {
    const meant = `http://${shown.replace(/^[a-z]*:?\/+/i, '')}`;
    const why = scheme === undefined ? 'has no http:// or https://' : `is ${scheme}, not http or https`;
    throw new UsageError(
      `--target ${shown} ${why}${isUrl(meant) ? `: did you mean ${meant}?` : ': write one like http://127.0.0.1:8080/'}`,
    );
  }
  if (scheme === 'unix')
    throw new UsageError(
      `--target ${shown} has no whole path of a socket: write one like unix:/run/app.sock`,
    );
  if (!isUrl(text))
    throw new UsageError(`--target ${shown} is not a URL: write one like ${scheme}://127.0.0.1:8080/`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      `--target ${hostOf(shown)} carries a password, which would be printed: leave it out`,
    );
  return scheme === 'tcp' ? tcpTarget(url) : url.href;
}

/** A connection is all that is asked: a host and a port, and nothing behind them. */
function tcpTarget({ host, port, pathname, search }: URL): string {
  if (port === '' || port === '0')
    throw new UsageError(`--target tcp://${host} has no port: write one like tcp://${host}:5432`);
  if (!/^\/?$/.test(pathname) || search !== '')
    throw new UsageError(`--target tcp://${host} is a host and a port alone: tcp takes no path`);
  return `tcp://${host.toLowerCase()}`;
}

function unixTarget(socket: string, shown: string): string {
  const text = `unix:${socket}`;
  if (socket === '/' || !URL.canParse(text))
    throw new UsageError(
      `--target ${shown} has no whole path of a socket: write one like unix:/run/app.sock`,
    );
  return new URL(text).href;
}

/** What stands behind a login: the URL itself takes an @ in a password for its end. */
const hostOf = (shown: string): string => shown.replace(/^[a-z]+:\/\//i, '').split(/[/?#]/, 1)[0] ?? '';

function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== '';
}
