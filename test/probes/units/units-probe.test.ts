import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createUnitsProbe, type UnitsProbeOptions } from '../../../source/probes/units/units-probe.js';
import { runProbe } from '../run-probe.js';

const CAPTURED = new URL('../../linux/fixtures/systemctl-show.txt', import.meta.url).pathname;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'units-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A probe that meets a systemctl which does that. */
function probe(script: string, more: UnitsProbeOptions = {}) {
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'systemctl'), 0o755);
  return createUnitsProbe({ booted: folder, path: `${folder}:/usr/bin:/bin`, ...more });
}

it('tells which services are down, and how they ended, of one call', async () => {
  const clock = { wall: () => 1_700_000_100_000 };
  const sample = await runProbe(
    probe(`echo "$@" >>${folder}/calls; cat ${CAPTURED}`, {
      clock: clock as never,
      monotonicMs: () => 16_934_306,
    }),
  );
  expect(sample.units.map(({ name, state, ending }) => [name, state, ending])).toEqual([
    ['gone.service', 'failed', 'was ended by SIGKILL'],
    ['bad.service', 'failed', 'ended with exit code 3'],
    ['queue.service', 'restarting', 'ended with exit code 1'],
    ['web.service', 'running', null],
    ['loop.service', 'running', null],
  ]);
  expect(sample.units[1]?.endedAt).toBe(1_700_000_090_000);
});

it('is not missed where systemd does not run the host', async () => {
  const away = createUnitsProbe({ booted: join(folder, 'nothing') });
  await expect(runProbe(away)).rejects.toMatchObject({
    kind: 'not-configured',
    message: expect.stringContaining('systemd does not run this host'),
  });
});

it.each([
  [
    'Failed to connect to bus: Permission denied',
    'echo "Failed to connect to bus: Permission denied" >&2; exit 1',
  ],
  ['exit code 4', 'exit 4'],
])('says why it has no figure: %s', async (words, script) => {
  await expect(runProbe(probe(script))).rejects.toMatchObject({
    kind: 'not-readable',
    message: expect.stringContaining(words),
  });
});

it('does not wait for a systemctl that hangs, and says when there is none', async () => {
  await expect(runProbe(probe('exec sleep 30'))).rejects.toMatchObject({
    message: 'systemctl gave no answer within 2 s',
  });
  await expect(
    runProbe(createUnitsProbe({ booted: folder, path: join(folder, 'none') })),
  ).rejects.toMatchObject({
    message: 'there is no systemctl here',
  });
});
