/** A server process of PostgreSQL that serves one client, as its title tells (update_process_title, on by default). */
export interface Backend {
  readonly user: string;
  /** Address of the client, `local` for a Unix socket. */
  readonly peer: string;
  /** `idle`, `idle in transaction`, `SELECT` …; empty while it starts. */
  readonly doing: string;
}

/**
 * `postgres: shop orders 172.18.0.1(45678) idle`, on Debian with the cluster's name in front: `postgres: 15/main: …`.
 * Undefined for the server's own workers, and for walsenders, which have slots of their own.
 */
export function parseBackendTitle(title: string): Backend | undefined {
  const text = title.slice(0, 400).replaceAll('\0', ' ').trim();
  if (!text.startsWith('postgres: ')) return undefined;
  const found = /^postgres: (?:\S+: )?(.{1,128}?) \S+ (\[local\]|[^\s()]{1,100}\(\d{1,5}\))(?: (.*))?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, user = '', where = '', doing = ''] = found;
  if (user.startsWith('walsender')) return undefined;
  return { user, peer: where === '[local]' ? 'local' : where.replace(/\(\d+\)$/, ''), doing };
}
