import { describe, expect, it } from 'vitest';
import { frameReader } from '../../../source/engines/docker/logs/log-frames.js';
import { toLogLine } from '../../../source/engines/docker/logs/log-text.js';
import { noise, seededRandom } from '../../linux/seeded-random.js';

function frame(stream: number, text: string | Buffer): Buffer {
  const body = Buffer.from(text as string);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function framesOf(bytes: Buffer, step: number): { found: string[]; good: boolean } {
  const found: string[] = [];
  const take = frameReader((stream, text) => found.push(`${stream}:${text}`));
  let good = true;
  for (let at = 0; at < bytes.length; at += step) good = take(bytes.subarray(at, at + step));
  return { found, good };
}

describe('log frames', () => {
  const bytes = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, ''), frame(1, 'three\n')]);

  it.each([1, 3, 8, 9, 1000])('are told apart in chunks of %i bytes', (step) => {
    expect(framesOf(bytes, step)).toEqual({
      found: ['stdout:one\n', 'stderr:two\n', 'stdout:three\n'],
      good: true,
    });
  });

  it('joins a line that Docker broke into parts, and not with the line of another stream', () => {
    const part = Buffer.alloc(16 * 1024, 97);
    const long = Buffer.concat([
      frame(1, part),
      frame(2, 'err\n'),
      frame(1, part),
      frame(1, 'end\n'),
      frame(1, 'next\n'),
    ]);
    const { found } = framesOf(long, 500);
    expect(found.map((line) => line.trim().replace(/a+/, 'a…'))).toEqual([
      'stderr:err',
      'stdout:a…end',
      'stdout:next',
    ]);
  });

  it('keeps of such a line one timestamp, both its ends, and what stands after its carriage returns', () => {
    const stamp = (n: number): string => `2026-11-21T13:58:5${n}.123456789Z `;
    const part = (n: number, text: string): Buffer =>
      frame(1, `${stamp(n)}${text.repeat(Math.ceil((16 * 1024) / text.length))}`.slice(0, 16 * 1024));
    const lineOf = (...frames: Buffer[]): string => {
      const lines: string[] = [];
      const take = frameReader((stream, bytes) =>
        lines.push(toLogLine('a', { stream, bytes: Buffer.from(bytes), readAt: 0 }).text),
      );
      take(Buffer.concat(frames));
      expect(lines).toHaveLength(1);
      return lines[0] as string;
    };
    const fatal = frame(1, `${stamp(3)}\rfatal: dial tcp: connection refused\n`);
    expect(lineOf(part(1, '\rpulling 1/9'), part(2, '\rpulling 2/9'), fatal)).toBe(
      'fatal: dial tcp: connection refused',
    );
    const long = lineOf(part(1, 'begin '), part(2, 'middle '), frame(1, `${stamp(3)}the end\n`));
    expect(long).toMatch(/^begin .*…[^Z]*the end$/);
    expect(long.length).toBeLessThanOrEqual(4_096);
  });

  it('does not take a line without newline for the beginning of the next', () => {
    expect(framesOf(Buffer.concat([frame(1, 'last words'), frame(1, 'reborn\n')]), 7).found).toHaveLength(2);
  });

  it('ends at bytes that are no frames, and holds no more than a line of a frame that never ends', () => {
    expect(framesOf(Buffer.from('plain text of a terminal\n'), 5)).toEqual({ found: [], good: false });
    const endless = frame(1, 'x');
    endless.writeUInt32BE(0xffffffff, 4);
    const before = process.memoryUsage().arrayBuffers;
    const take = frameReader(() => {});
    take(endless);
    const chunk = Buffer.alloc(1024 * 1024, 120);
    for (let i = 0; i < 200; i++) expect(take(chunk)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
    const random = seededRandom(8);
    for (let i = 0; i < 500; i++) framesOf(noise(200, random), 13);
  });
});

describe('a log line', () => {
  const line = (text: string) => toLogLine('db', { stream: 'stdout', bytes: Buffer.from(text), readAt: 5 });

  it('has its own time, no newline, and at most 4,096 characters', () => {
    expect(line('2026-11-21T13:58:54.123456789Z hello\r\n')).toEqual({
      workload: 'db',
      stream: 'stdout',
      at: Date.UTC(2026, 10, 21, 13, 58, 54, 123),
      text: 'hello',
    });
    expect(line(`2026-11-21T13:58:54Z ${'é'.repeat(9_000)}`).text).toHaveLength(4_096);
    expect(line('2026-11-21T13:58:54.1Z \n').text).toBe('');
    expect(line('no time\n')).toMatchObject({ at: 5, text: 'no time' });
    expect(line('2026-99-99T99:99:99Z odd')).toMatchObject({ at: 5 });
  });
});
