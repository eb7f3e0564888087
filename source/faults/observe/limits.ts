/** A figure of the snapshot's section `limits` ("memory 52428800"), or null for "none". */
export function limitOf(section: string, name: string): number | null {
  const line = section.split('\n').find((text) => text.startsWith(`${name} `));
  const value = Number(line?.slice(name.length + 1));
  return Number.isFinite(value) ? value : null;
}
