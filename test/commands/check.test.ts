import { describe, expect, it } from 'vitest';
import { serve } from '../actions/servers.js';
import { faultlineWith } from './faultline.js';

describe('a Docker that was asked for by name', () => {
  it('and does not answer is 3, and is told', async () => {
    const { code, out } = await faultlineWith(
      { DOCKER_HOST: 'tcp://127.0.0.1:1' },
      ...['check', '--for', '2s', '--json'],
    );
    const { asked, findings } = JSON.parse(out);
    expect(asked.unread).toEqual([
      {
        target: 'Docker of DOCKER_HOST',
        reason: expect.stringContaining('nothing listens on 127.0.0.1 port 1'),
      },
    ]);
    expect(code).toBe(findings.some((one: { severity: string }) => one.severity !== 'notice') ? 1 : 3);
  });
});

describe('a look that is short', () => {
  it.each([
    ['http://127.0.0.1:1/', 'connection refused'],
    ['http://nothing-is-called-this.invalid/', 'nothing-is-called-this.invalid'],
  ])('ends with 1 where %s fails, and says so', { timeout: 20_000 }, async (target, why) => {
    const { code, out } = await faultlineWith({}, 'check', '--for', '2s', '--target', target);
    expect(code).toBe(1);
    expect(out).toContain('Given, and failing: 1 of 1');
    expect(out).toContain(why);
    expect(out).not.toContain('Nothing is wrong');
  });

  it('of a host on which nothing is found is too short to judge, and ends with 3', {
    timeout: 20_000,
  }, async () => {
    const { code, out } = await faultlineWith({}, 'check', '--for', '1s');
    const found = /^(CRITICAL|WARNING) |^Something is wrong/m.test(out);
    if (!found) expect(out).toContain('Too short to judge: nothing was found in 1');
    expect(code).not.toBe(0);
    expect(out).not.toMatch(/Nothing is wrong|is well/);
  });

  it('says how many targets had no turn', { timeout: 20_000 }, async () => {
    const server = await serve((_, response) => response.end('ok'));
    try {
      const targets = Array.from({ length: 150 }, (_, at) => ['--target', `${server.url}/${at}`]).flat();
      const { code, out } = await faultlineWith({}, 'check', '--for', '1s', ...targets);
      expect(out).toMatch(/and \d+ more, 1\d\d of 150 in all/);
      expect(code).not.toBe(0);
    } finally {
      await server.close();
    }
  });
});
