import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createIo } from '../../source/commands/io.js';

const HOSTILE = 'a\u001b]52;c;eA==\u0007b\r\u009b31mc\u202ed\u007f http://me:hunter2@h/';

function streams(isTTY: boolean) {
  const [out, err, input] = [0, 1, 2].map(() => Object.assign(new PassThrough(), { isTTY })) as [
    PassThrough & { isTTY: boolean },
    PassThrough & { isTTY: boolean },
    PassThrough & { isTTY: boolean },
  ];
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { io: createIo(out, err, input), input, out: () => text(out), err: () => text(err) };
}

it('cleans every line of text of controls and secrets, and keeps what it looks like', () => {
  const { io, out, err } = streams(false);
  io.print(`  one\n    ${HOSTILE} ✖\n`);
  expect(out()).toBe('  one\n    ab cd http://…@h/ ✖\n\n');
  io.say(HOSTILE);
  expect(err()).toBe('ab cd http://…@h/\n');
  io.progress(HOSTILE);
  expect(err()).toBe('');
});

it('erases a line of progress on a terminal, and nothing else', () => {
  const { io, err } = streams(true);
  io.progress(HOSTILE);
  expect(err()).toBe('\r\u001b[2Kab cd http://…@h/');
  io.progress('');
  expect(err()).toBe('\r\u001b[2K');
});

it('writes JSON that loses no character and shows no secret', () => {
  const { io, out } = streams(false);
  io.json({ text: 'a\u009b\u202e\u007f', url: 'http://me:hunter2@h/' });
  const written = out();
  expect(written).toBe('{"text":"a\\u009b\\u202e\\u007f","url":"http://…@h/"}\n');
});

it('asks a clean question at a terminal, and nobody where there is none', async () => {
  const { io, input, err } = streams(true);
  const { signal } = new AbortController();
  const answer = io.ask(`${HOSTILE}? `, signal);
  input.write('web\n');
  expect(await answer).toBe('web');
  // What readline adds to it moves the cursor on its own line.
  const said = err();
  expect(said).toContain('ab cd http://…@h/? ');
  expect(said).not.toMatch(/[\u0007\u007f-\u009f\u202e]/);
  expect(await streams(false).io.ask('who? ', signal)).toBeNull();
});

it('is the only way by which a command writes', () => {
  const folder = new URL('../../source/commands/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  expect(files.length).toBeGreaterThan(50);
  // A stream that is broken is told of on the other one, by who listens for that.
  for (const name of files.filter((one) => one !== 'io.ts' && one !== 'signals.ts')) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    expect(text, name).not.toMatch(/(stdout|stderr)\.write|console\.(log|error|warn)/);
    expect(text, name).not.toMatch(/(print|say)\(\s*(json \? )?JSON\.stringify/);
  }
});
