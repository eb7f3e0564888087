import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createUnitsProbe, type UnitsProbeOptions } from '../../../source/probes/units/units-probe.js';
import { runProbe } from '../run-probe.js';

const captured = (name: string): string => new URL(`../../linux/fixtures/${name}`, import.meta.url).pathname;
const CAPTURED = captured('systemctl-show.txt');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'units-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A probe that meets a systemctl which does that. */
function probe(script: string, more: UnitsProbeOptions = {}, journal = 'exit 1') {
  for (const [tool, text] of [
    ['systemctl', script],
    ['journalctl', journal],
  ] as const) {
    writeFileSync(join(folder, tool), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, tool), 0o755);
  }
  return createUnitsProbe({ booted: folder, path: `${folder}:/usr/bin:/bin`, ...more });
}

it('tells which services are down, and how they ended, of one call', async () => {
  const clock = { wall: () => 1_700_000_100_000, now: () => 0 };
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
  await expect(runProbe(probe('exec sleep 30', { deadlineMs: 300 }))).rejects.toMatchObject({
    message: 'systemctl gave no answer within 0.3 s',
  });
  await expect(
    runProbe(createUnitsProbe({ booted: folder, path: join(folder, 'none') })),
  ).rejects.toMatchObject({
    message: 'there is no systemctl here',
  });
});

/** Answers as a booted Debian 12 did: what is down, what was stopped, and its journal by service. */
const BOOTED = `case "$*" in *state=inactive*) cat ${captured('systemctl-show-stopped.txt')};; *state=running*) ;; *) cat ${captured('systemctl-show-252.txt')};; esac`;
const JOURNAL = `awk -v "want==== $(echo "$1" | sed 's/^_SYSTEMD_UNIT=//; s/[.]service$//')" '/^=== /{on=($0==want);next} on' ${captured('journal-252.txt')}`;

it('tells what is down on a booted Debian 12, how it ended and what it said last', async () => {
  const asked = join(folder, 'asked');
  const units = probe(BOOTED, {}, `echo "$1" >>${asked}; ${JOURNAL}`);
  await runProbe(units);
  await runProbe(units);
  await runProbe(units);
  const sample = await runProbe(units);
  const told = new Map(sample.units.map((unit) => [unit.name, unit]));
  const of = (name: string) => [told.get(name)?.state, told.get(name)?.ending, told.get(name)?.lastWords];
  expect(of('crash.service')).toEqual([
    'failed',
    'ended with exit code 3',
    'RuntimeError: FATAL: licence expired on 2026-01-01',
  ]);
  expect(of('oom.service')).toEqual([
    'failed',
    'was killed for memory (its limit is 42 MB)',
    'cache warming',
  ]);
  expect(of('killed.service')).toEqual(['failed', 'was ended by SIGKILL', undefined]);
  expect(of('worker@9502.service')).toEqual(['failed', 'was ended by SIGSEGV', undefined]);
  expect(of('startlimit.service')[2]).toBe('cannot bind 127.0.0.1:9040: address in use');
  expect(of('job.service')[2]).toBe('backup: disk full');
  expect(of('loop.service')).toEqual([
    'restarting',
    'ended with exit code 1',
    'ERROR: database migration 42 missing',
  ]);
  expect(of('noexec.service')[1]).toBe(
    'did not start: exit code 203/EXEC: its program is not there, or cannot be executed',
  );
  expect(of('watchdog.service')[1]).toContain('not ready, or not gone, in its time');
  expect(of('wd.service')[1]).toContain('no sign of life within its WatchdogSec');
  expect(of('oomloop.service')[1]).toBe('was ended by SIGKILL (its memory limit is 42 MB)');
  // Of two runs, only what the last one said.
  expect(of('nginx.service')[2]).toContain('unknown directive "bogus"');
  expect(of('nginx.service')[1]).toContain('its ExecStartPre ended with exit code 1');
  expect(told.get('sock.service')).toMatchObject({ ports: [9050], failedSocket: 'sock.socket' });
  expect(told.has('sock.socket')).toBe(false);
  expect(told.get('sockok.service')).toMatchObject({ state: 'running', ports: [9055] });
  expect(of('redis-server.service')[0]).toBe('stopped');
  expect(told.has('apt-daily.service')).toBe(false);
  // Each run is asked for once.
  const questions = readFileSync(asked, 'utf8').trim().split('\n');
  expect(new Set(questions).size).toBe(questions.length);
});

it('names a socket that was given up while its service did not fail', async () => {
  const text =
    'Id=echo.socket\nActiveState=failed\nSubState=failed\nResult=trigger-limit-hit\nListen=[::]:7 (Stream)\nListen=/run/x (Stream)\nListen=99 (Stream)';
  const { units } = await runProbe(probe(`printf '${text}\\n'`));
  expect(units).toMatchObject([{ name: 'echo.socket', state: 'failed', ports: [7, 99] }]);
  expect(units[0]?.ending).toContain('started its service too often');
});

it('says what is down also where the journal hangs, is not ours to read, or is not there', async () => {
  for (const journal of ['exec sleep 30', 'echo "{" ; echo ]', 'exit 1']) {
    const { units } = await runProbe(probe(BOOTED, { deadlineMs: 1_500 }, journal));
    expect(units[0]).toMatchObject({ name: 'crash.service', state: 'failed' });
    expect(units[0]?.lastWords).toBeUndefined();
  }
});

it('asks for what runs once a minute, and tells what is down where that takes too long', async () => {
  const calls = join(folder, 'calls');
  let now = 0;
  const clock = { wall: () => 0, now: () => now };
  const script = `echo "$4" >>${calls}; case "$4" in *failed*) echo Id=a.service; echo ActiveState=failed;; *running*) echo Id=b.service; echo ActiveState=active;; esac`;
  const units = probe(script, { clock: clock as never });
  for (const at of [0, 15_000, 59_000, 61_000]) {
    now = at;
    const sample = await runProbe(units);
    expect(sample.units.map(({ name, state }) => [name, state])).toEqual([
      ['a.service', 'failed'],
      ['b.service', 'running'],
    ]);
  }
  const asked = readFileSync(calls, 'utf8').trim().split('\n');
  expect(asked.filter((one) => one.includes('running'))).toHaveLength(2);
  expect(asked.filter((one) => one.includes('inactive'))).toHaveLength(1);

  const slow = `case "$*" in *failed*) echo Id=a.service; echo ActiveState=failed;; *) exec sleep 30;; esac`;
  const { units: down } = await runProbe(probe(slow, { deadlineMs: 600 }));
  expect(down).toMatchObject([{ name: 'a.service', state: 'failed' }]);
});
