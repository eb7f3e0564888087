import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultlineWith } from './faultline.js';

/** No Docker, and a state directory that everybody may write to. */
const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock', FAULTLINE_STATE_DIR: '' };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-refusals-'));
  env.FAULTLINE_STATE_DIR = join(folder, 'state');
  mkdirSync(env.FAULTLINE_STATE_DIR);
  chmodSync(env.FAULTLINE_STATE_DIR, 0o777);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a command with --json that cannot do its work answers in JSON, and people on standard error', () => {
  it('undo, where others may write to the journal: the reason is what is left', async () => {
    const { code, out, err } = await faultlineWith(env, 'undo', '--json');
    expect(JSON.parse(out)).toEqual({
      done: [],
      residue: [expect.stringMatching(/mode 0777\) may be written by others: .*chmod go-w .*STATE_DIR/)],
      notes: [],
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^faultline: .*may be written by others.*\n$/);
  });

  it.each([
    ['lab', 3, '/nonexistent/docker.sock'],
    ['scenarios latncy', 2, 'did you mean latency?'],
    ['explain nosuchword', 2, 'nothing is known by the name nosuchword'],
    ['probe sokets', 2, 'did you mean sockets?'],
    ['check --for soon', 2, '--for soon'],
    ['check --target nowhere:', 2, 'nowhere:'],
    ['alerts --for soon', 2, '--for soon'],
    ['doctor well', 2, 'well is too much for faultline doctor'],
    ['undo --acept', 2, 'did you mean --accept?'],
  ])('%s: one object', async (words, code, reason) => {
    const ended = await faultlineWith(env, ...words.split(' '), '--json');
    const said = JSON.parse(ended.out);
    if (words.startsWith('undo')) expect(said).toMatchObject({ residue: [expect.stringContaining(reason)] });
    else expect(said).toEqual({ ok: false, reason: expect.stringContaining(reason) });
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(reason);
  });

  it.each([
    ['inject dealy --on web', 2, 'did you mean delay?'],
    ['inject delay --on web --ms 10', 3, '/nonexistent/docker.sock'],
    ['inject delay --on web --ms 10 --dry-run', 3, '/nonexistent/docker.sock'],
    ['run latncy', 2, 'did you mean latency?'],
    ['run http-errors', 3, 'http-errors cannot be caused on the embedded lab'],
    ['run http-errors --dry-run', 3, 'http-errors cannot be caused on the embedded lab'],
    ['run latency --lab docker', 3, 'the lab could not be started'],
    ['run latency --lab swarm', 3, 'latency cannot be caused on the Swarm lab'],
    ['run memory-limit --lab swarm', 3, 'there can be no Swarm lab here'],
  ])('%s: a last line with the result', async (words, code, reason) => {
    const ended = await faultlineWith(env, ...words.split(' '), '--json');
    const lines = ended.out.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      result: 'failed',
      reason: expect.stringContaining(reason),
    });
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(reason);
  });

  it('without --json, or with it behind --, standard output stays empty', async () => {
    for (const words of [['undo'], ['scenarios', '--', '--json']]) {
      const { code, out } = await faultlineWith(env, ...words);
      expect(out).toBe('');
      expect(code).not.toBe(0);
    }
  });
});
