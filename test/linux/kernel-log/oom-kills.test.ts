import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loggedOomKills, parseOomKill } from '../../../source/linux/kernel-log/oom-kills.js';

const ID = '0b94c2666ec4216dbe48aff1f050e3e358beed0ff714cf87e857aa6760694202';
const record = (group: string, head = '6,67459,25800381687,-') =>
  `${head};oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=libpod-${ID},mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=gate,pid=14097,uid=0\n`;

it.each([
  ['cgroup v1, cgroupfs', `/libpod_parent/libpod-${ID}`],
  ['systemd', `/machine.slice/libpod-${ID}.scope`],
  ['cgroup v2', `/machine.slice/libpod-${ID}.scope/container`],
  ['a group of its own for a child', `/docker/${ID}/child`],
])('a kill is read: %s', (_, group) => {
  expect(parseOomKill(record(group))).toEqual({ group, sinceBootMs: 25_800_381.687 });
});

it('with flags and dictionary lines as well', () => {
  const text = `${record('/a', '4,1,2000,c,caller=T12')} SUBSYSTEM=memory\n`;
  expect(parseOomKill(text)).toEqual({ group: '/a', sinceBootMs: 2 });
});

it.each([
  '',
  '6,1,2',
  '6,1,2,-;eth0: link up',
  '6,1,2,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task_memcg=/a,task=x,pid=1,uid=0',
  '6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=',
  '6,1,x,-;oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/a,task=x',
  // What a program wrote into the log is not of the kernel's own facility.
  '12,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/a,task=x',
  `6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,${'x,'.repeat(200_000)}`,
])('anything else is none: %.60s', (text) => {
  expect(parseOomKill(text)).toBeUndefined();
});

it('a log that is not there tells nothing, and one that is read to its end', () => {
  expect(loggedOomKills('/nonexistent/kmsg')).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-kmsg.'));
  writeFileSync(join(folder, 'log'), record('/a'));
  expect(loggedOomKills(join(folder, 'log'))).toEqual([{ group: '/a', sinceBootMs: 25_800_381.687 }]);
  rmSync(folder, { recursive: true });
});
