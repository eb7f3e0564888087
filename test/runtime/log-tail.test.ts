import { describe, expect, it } from 'vitest';
import type { Engine, EngineLogLine } from '../../source/engines/engine.js';
import { createLogTail } from '../../source/runtime/log-tail.js';

function setUp() {
  let listener: ((line: EngineLogLine) => void) | undefined;
  const onLog = (each: (line: EngineLogLine) => void) => {
    listener = each;
    return () => {};
  };
  const tail = createLogTail({ onLog } as unknown as Engine);
  let at = 0;
  const log = (workload: string, text: string, over: Partial<EngineLogLine> = {}) =>
    listener?.({ workload, at: ++at, stream: 'stdout', text, ...over });
  return { tail, log };
}

describe('the tail of all logs', () => {
  it('keeps what a quiet service said while another floods', () => {
    const { tail, log } = setUp();
    log('db', 'FATAL: sorry, too many clients already', { stream: 'stderr' });
    for (let i = 0; i < 50_000; i++) log('web', `request ${i}`);
    const lines = tail.lines();
    expect(lines.length).toBeLessThanOrEqual(1_000);
    expect(lines[0]).toMatchObject({ service: 'db', stream: 'stderr', matched: true });
    expect(lines.at(-1)?.text).toBe('request 49999');
    expect(tail.lines()).toBe(lines);
  });

  it('gives what is free to whoever has more to say, in the order of time', () => {
    const { tail, log } = setUp();
    for (let i = 0; i < 300; i++) for (const name of ['a', 'b', 'c', 'd']) log(name, `${i}`);
    log('e', 'once');
    const lines = tail.lines();
    expect(lines).toHaveLength(1_000);
    expect(lines.filter(({ service }) => service === 'a').length).toBeGreaterThan(200);
    expect(lines.at(-1)).toMatchObject({ service: 'e' });
    const times = lines.map(({ at }) => at);
    expect([...times].sort((x, y) => x - y)).toEqual(times);
  });

  it('folds what a service repeats, whatever others say between', () => {
    const { tail, log } = setUp();
    for (let i = 0; i < 12; i++) {
      log('web', 'connection refused');
      log('db', `line ${i}`);
    }
    log('web', 'connection refused', { stream: 'stderr' });
    const web = tail.lines().filter(({ service }) => service === 'web');
    expect(web.map(({ times, stream, at }) => [times, stream, at])).toEqual([
      [12, 'stdout', 23],
      [undefined, 'stderr', 25],
    ]);
    log('web', 'connection refused', { stream: 'stderr' });
    expect(tail.lines().at(-1)?.times).toBe(2);
  });

  it('says how many lines came too fast, and holds no more than it may of long ones and of many services', () => {
    const { tail, log } = setUp();
    for (let i = 0; i < 5_000; i++) log(`s${i}`, '\u001b[31mx\u202e'.repeat(500), { skipped: 7 });
    const lines = tail.lines();
    expect(lines.length).toBeLessThanOrEqual(100);
    expect(lines.at(-1)).toMatchObject({ skipped: 7, text: 'x'.repeat(500) });
  });
});
