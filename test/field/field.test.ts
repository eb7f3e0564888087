import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { notRun, whyNoDaemon } from '../engines/docker/real-docker.js';

/** A few of the cases, of every kind: all of them take half an hour (`npm run field`). */
const CASES = ['dnsmasq-name-gone', 'java-frozen', 'lighttpd-ended', 'n-idle-stack'];

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('failures made by other means than the lab’s', () => {
  const reason = whyNoDaemon();
  if (reason !== null) return notRun('field cases', reason);

  it('are named, and what is well stays quiet', { timeout: 300_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-field-'));
    try {
      const results = join(folder, 'results.json');
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['scripts/field.mjs', '--again', '--for', '12s', '--results', results, ...CASES],
        { cwd: root, encoding: 'utf8' },
      );
      const rows: { case: string; pass: boolean }[] = JSON.parse(readFileSync(results, 'utf8'));
      expect(new Set(rows.map((row) => row.case))).toEqual(new Set(CASES));
      expect(rows.filter(({ pass }) => !pass)).toEqual([]);
      expect(stderr, stdout).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
