import { readFileSync } from 'node:fs';

/** The version of package.json, wherever the built program stands below it. */
export function version(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(up, import.meta.url), 'utf8');
      const { name, version: found } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'faultline' && found !== undefined) return found;
    } catch {
      // Not there: one folder further up.
    }
  }
  return 'unknown';
}
