import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedLab, LabProgress } from '../../../source/labs/lab.js';
import { built } from '../../helpers/built.js';

export interface StartModule {
  startLab(options: { progress: LabProgress; signal?: AbortSignal }): Promise<EmbeddedLab>;
}

/** A state directory of its own for this test file, used by everything it starts; removed by `remove`. */
export function ownState(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'faultline-state-'));
  process.env.FAULTLINE_STATE_DIR = path;
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function startBuiltLab(signal?: AbortSignal): Promise<EmbeddedLab> {
  const { startLab } = await built<StartModule>('source/labs/embedded/start.js');
  return startLab({ progress: () => {}, ...(signal && { signal }) });
}

/** What came back: the status, or 0 when nothing did within `patienceMs`. */
export async function visit(
  lab: EmbeddedLab,
  path: string,
  patienceMs = 5_000,
  body?: unknown,
): Promise<number> {
  return (await fetchJson(lab, path, patienceMs, body)).status;
}

export async function fetchJson(
  lab: EmbeddedLab,
  path: string,
  patienceMs = 5_000,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  try {
    const response = await fetch(lab.addresses.appUrl + path, {
      signal: AbortSignal.timeout(patienceMs),
      ...(body !== undefined && {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: null };
  }
}

/** `count` requests at once; how many ended with each status. */
export async function burst(
  lab: EmbeddedLab,
  count: number,
  path = '/todos',
): Promise<Record<number, number>> {
  const results: Record<number, number> = {};
  const statuses = await Promise.all(Array.from({ length: count }, () => visit(lab, path)));
  for (const status of statuses) results[status] = (results[status] ?? 0) + 1;
  return results;
}

/** What of a lab is on this machine: its directory, manifest, shared memory of its database. */
export function traces(lab: {
  tempDir: string;
  state: string;
  segment: string | undefined;
}): readonly string[] {
  const found: string[] = [];
  const [parent, name] = [join(lab.tempDir, '..'), lab.tempDir.split('/').at(-1) as string];
  if (readdirSync(parent).includes(name)) found.push(lab.tempDir);
  found.push(...readdirSync(join(lab.state, 'labs')));
  const segments = execFileSync('ipcs', ['-m'], { encoding: 'utf8' });
  if (lab.segment !== undefined && new RegExp(`\\s${lab.segment}\\s`).test(segments))
    found.push(`segment ${lab.segment}`);
  return found;
}
