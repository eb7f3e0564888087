import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isProcessOfContainer, wholeContainer } from '../../../source/linux/cgroup/container-process.js';

const ID = 'e'.repeat(64);

describe('a process of a container', () => {
  const proc = mkdtempSync(join(tmpdir(), 'faultline-proc-'));
  afterAll(() => rmSync(proc, { recursive: true }));
  const inCgroup = (pid: number, path: string): boolean => {
    mkdirSync(join(proc, String(pid)), { recursive: true });
    writeFileSync(join(proc, String(pid), 'cgroup'), path);
    return isProcessOfContainer(pid, ID, proc);
  };

  it('is one whose cgroup is named after it, and no other that has its number on this host', () => {
    expect(inCgroup(1, `0::/system.slice/docker-${ID}.scope\n`)).toBe(true);
    expect(inCgroup(2, `8:pids:/docker/${ID}\n0::/\n`)).toBe(true);
    expect(inCgroup(3, `0::/../${ID}/init.scope\n`)).toBe(true);
    expect(inCgroup(4, '0::/user.slice/session-1.scope\n')).toBe(false);
    expect(isProcessOfContainer(5, ID, proc)).toBe(false);
    expect(isProcessOfContainer(1, '', proc)).toBe(false);
  });

  it('may sit below the cgroup of the whole', () => {
    const none = { cpu: undefined, cpuacct: undefined, memory: undefined };
    const unified = `/sys/fs/cgroup/system.slice/docker-${ID}.scope/init.scope`;
    expect(wholeContainer({ ...none, unified, pids: `/sys/fs/cgroup/pids/docker/${ID}` }, ID)).toEqual({
      ...none,
      unified: `/sys/fs/cgroup/system.slice/docker-${ID}.scope`,
      pids: `/sys/fs/cgroup/pids/docker/${ID}`,
    });
    expect(wholeContainer({ ...none, unified: '/sys/fs/cgroup/a/b', pids: undefined }, ID).unified).toBe(
      '/sys/fs/cgroup/a/b',
    );
  });
});
