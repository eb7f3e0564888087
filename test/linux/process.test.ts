import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { countFds, eachSocketInode } from '../../source/linux/process/process-fds.js';
import { parseOpenFileLimit } from '../../source/linux/process/process-limits.js';
import { familyMemory, parseProcessMemory } from '../../source/linux/process/process-memory.js';
import { parseProcessStat } from '../../source/linux/process/process-stat.js';
import { familyOf, readChildren } from '../../source/linux/process/process-tree.js';
import { fixture, fixtureText } from './fixture.js';
import { seededRandom, spoil } from './seeded-random.js';

describe('/proc/<pid>/stat', () => {
  it('reads a captured line', () => {
    expect(parseProcessStat(fixtureText('process-stat.txt'))).toMatchObject({
      pid: 11389,
      command: 'MainThread',
      state: 'R',
      parent: 11235,
    });
  });

  it.each(['tmux: server (1)', 'a) R 1 1 (b', ') ', 'x\ny'])(
    'is not misled by a command called %j',
    (command) => {
      const text = fixtureText('process-stat.txt').replace('(MainThread)', `(${command})`);
      const stat = parseProcessStat(text);
      expect(stat).toMatchObject({ command, state: 'R', parent: 11235 });
    },
  );

  it('survives spoiled lines', () => {
    const random = seededRandom(5);
    for (let i = 0; i < 2_000; i++) {
      const stat = parseProcessStat(spoil(fixture('process-stat.txt'), random).toString('latin1'));
      if (stat) expect(Number.isFinite(stat.ticks + stat.childTicks + stat.startTicks)).toBe(true);
    }
  });
});

describe('limits and memory', () => {
  it('reads the soft limit', () => {
    expect(parseOpenFileLimit(fixtureText('process-limits.txt'))).toBe(20_000);
    expect(
      parseOpenFileLimit('Max open files            unlimited            unlimited            files \n'),
    ).toBe(Infinity);
    expect(parseOpenFileLimit('nothing')).toBeNull();
  });

  it('counts shared pages of a family once', () => {
    const one = parseProcessMemory(fixtureText('process-status.txt'));
    expect(one?.anonymous).toBeGreaterThan(1e6);
    expect(
      familyMemory([
        { anonymous: 1, shared: 10 },
        { anonymous: 2, shared: 7 },
      ]),
    ).toBe(13);
    expect(parseProcessMemory('Name:\tkthreadd\n')).toBeUndefined();
    expect(parseProcessMemory('VmRSS:\t    12 kB\n')).toEqual({ anonymous: 12 * 1024, shared: 0 });
  });
});

describe.runIf(process.platform === 'linux')('this process', () => {
  it('counts descriptors and knows its sockets', async () => {
    const before = countFds('self') as number;
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const inodes: number[] = [];
    eachSocketInode('self', 10_000, (inode) => inodes.push(inode));
    expect(countFds('self')).toBeGreaterThan(before);
    expect(inodes.every((inode) => inode > 0)).toBe(true);
    const with0 = inodes.length;
    server.close();
    await once(server, 'close');
    let after = 0;
    eachSocketInode('self', 10_000, () => after++);
    expect(after).toBe(with0 - 1);
    expect(countFds(2 ** 22 + 1)).toBeNull();
  });

  it('finds its children and theirs', async () => {
    const child = spawn('sh', ['-c', 'sleep 30 & echo $!; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const family = familyOf(process.pid, readChildren());
      expect(family[0]).toBe(process.pid);
      expect(family).toEqual(expect.arrayContaining([child.pid, Number(String(line))]));
    } finally {
      process.kill(-(child.pid as number), 'SIGKILL');
      await once(child, 'exit');
    }
  });

  it('reads again only what is new, and forgets what has ended', async () => {
    const known = new Map<number, number>();
    readChildren('/proc', known);
    expect(known.get(process.pid)).toBe(process.ppid);
    // Believed as long as its parent is there: the first process always is.
    known.set(process.pid, 1);
    expect(familyOf(1, readChildren('/proc', known))).toContain(process.pid);
    // A parent that is gone: read again.
    known.set(process.pid, 2 ** 22 + 1);
    expect(familyOf(process.ppid, readChildren('/proc', known))).toContain(process.pid);
    const child = spawn('sleep', ['30'], { stdio: 'ignore' });
    const pid = child.pid as number;
    expect(familyOf(process.pid, readChildren('/proc', known))).toContain(pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(familyOf(process.pid, readChildren('/proc', known))).not.toContain(pid);
    expect(known.has(pid)).toBe(false);
  });

  it('ends on a circle of parents', () => {
    expect(
      familyOf(
        1,
        new Map([
          [1, [2]],
          [2, [3]],
          [3, [1]],
        ]),
      ),
    ).toEqual([1, 2, 3]);
  });
});
