/** Cookies of one redirect, and of each host: a page that sets one and leads back to itself is no loop. */
export class CookieJar {
  private readonly hosts = new Map<string, Map<string, string>>();

  /** Takes in the Set-Cookie fields of an answer of a host. */
  take(host: string, fields: readonly string[]): void {
    const own = this.hosts.get(host) ?? new Map<string, string>();
    for (const field of fields.slice(0, MOST)) {
      const [pair = '', ...attributes] = field.split(';');
      const [name = '', ...value] = pair.split('=');
      if (name.trim() === '' || pair.length > LONGEST) continue;
      const isOver = attributes.some((one) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(one));
      if (isOver) own.delete(name.trim());
      else own.set(name.trim(), value.join('=').trim());
    }
    this.hosts.set(host, own);
  }

  /** The Cookie field for a host, or undefined where it has none. */
  headerFor(host: string): string | undefined {
    const own = [...(this.hosts.get(host) ?? [])];
    return own.length === 0 ? undefined : own.map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/** Cookies taken of one answer, and bytes of one (RFC 6265, 6.1: clients keep 50 a domain, of 4,096 bytes). */
const MOST = 50;
const LONGEST = 4_096;
