/** A part of an IPv4 address as inet_aton(3) reads it: decimal, octal after 0, hexadecimal after 0x. */
function partOf(text: string): number | undefined {
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number.parseInt(text, 16);
  if (/^0[0-7]{0,11}$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * The dotted form of an IPv4 address in any form that inet_aton(3) takes (`127.1`, `0x7f000001`): the last part fills
 * what is left. Undefined for anything else, also with text behind it.
 */
export function inetAton(text: string): string | undefined {
  const parts = text.split('.').map(partOf);
  const last = parts.pop();
  if (parts.length > 3 || last === undefined || last >= 256 ** (4 - parts.length)) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    if (part === undefined || part > 255) return undefined;
    bytes.push(part);
  }
  for (let shift = 3 - parts.length; shift >= 0; shift--) bytes.push(Math.floor(last / 256 ** shift) % 256);
  return bytes.join('.');
}
