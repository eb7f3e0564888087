import { describe, expect, it } from 'vitest';
import { conntrackFull } from '../../scenarios/conntrack-full/index.js';
import { fromSignature } from '../../source/diagnosis/from-signature.js';
import { hostSignatures } from '../../source/diagnosis/host/index.js';
import { type World, watch } from '../helpers/history.js';
import { conntrack, ERROR_500, everyTarget, HANG, http, kernel, sockets } from '../helpers/samples.js';

const run = (seconds: number, world: (t: number) => World) =>
  watch(seconds, world, [conntrackFull.mode, ...hostSignatures.map(fromSignature)]);
const firing = (looks: ReturnType<typeof run>, id: string) =>
  looks.flatMap(({ t, findings }) =>
    findings.filter((one) => one.id === id && one.state === 'firing').map((finding) => ({ t, finding })),
  );

describe('conntrack', () => {
  it.each([
    [0.7, undefined],
    [0.8, 'notice'],
    [0.92, 'warning'],
    [0.97, 'critical'],
  ])('at %d is %s', (fill, severity) => {
    const found = firing(
      run(30, () => ({ conntrack: conntrack(fill) })),
      'conntrack-full',
    );
    expect(found.at(-1)?.finding.severity).toBe(severity);
  });
  it('does not flap around its threshold', () => {
    const looks = run(60, (t) => ({ conntrack: conntrack(t < 15 || t % 2 ? 0.76 : 0.74) }));
    const states = looks.slice(20).map((look) => look.findings[0]?.state);
    expect(new Set(states)).toEqual(new Set(['firing']));
  });
  it('is full when it drops, and says how many', () => {
    const looks = run(30, (t) => ({ conntrack: conntrack(0.99, t * 10) }));
    const finding = firing(looks, 'conntrack-full').at(-1)?.finding;
    expect(finding?.title).toContain('dropped');
    expect(finding?.evidence.find((one) => one.signal === 'conntrack.drop')?.value).toBe('10 /s');
  });
});

describe('listen queues', () => {
  it('overflow is seen in the counter, and ends when it stops', () => {
    const looks = run(80, (t) => ({ kernel: kernel({ 'TcpExt.ListenOverflows': Math.min(t, 30) * 3 }) }));
    expect(firing(looks, 'listen-overflow').length).toBeGreaterThan(5);
    expect(looks.at(-1)?.findings).toEqual([]);
  });
  it('a full queue is named with its port; a short one of a busy server is not', () => {
    const full = run(20, () => ({ sockets: sockets({ queued: 129, backlog: 128 }) }));
    expect(firing(full, 'listen-overflow')[0]?.finding.target).toContain('5000');
    const busy = run(20, () => ({ sockets: sockets({ queued: 100, backlog: 128 }) }));
    const unknown = run(20, () => ({ sockets: sockets({ queued: 100, backlog: null }) }));
    for (const looks of [busy, unknown]) expect(looks.flatMap((look) => look.findings)).toEqual([]);
  });
});

describe('CLOSE-WAIT', () => {
  it('that rises and never falls is a leak', () => {
    const looks = run(120, (t) => ({ sockets: sockets({ closeWait: t * 2 }) }));
    expect(firing(looks, 'close-wait-leak').at(-1)?.finding).toMatchObject({
      target: 'shop',
      severity: 'warning',
    });
  });
  it('that comes and goes is none, and neither is a large steady one', () => {
    const waves = run(120, (t) => ({ sockets: sockets({ closeWait: 60 + (t % 10) * 5 }) }));
    const steady = run(120, () => ({ sockets: sockets({ closeWait: 80 }) }));
    for (const looks of [waves, steady]) expect(firing(looks, 'close-wait-leak')).toEqual([]);
  });
});

describe('retransmission', () => {
  const losing = (percent: number, segments: number) => (t: number) => ({
    kernel: kernel({ 'Tcp.OutSegs': segments * t, 'Tcp.RetransSegs': (segments * t * percent) / 100 }),
  });
  it('above 1 % is named, above 5 % is critical', () => {
    expect(firing(run(60, losing(2, 200)), 'retransmission').at(-1)?.finding.severity).toBe('warning');
    expect(firing(run(60, losing(8, 200)), 'retransmission').at(-1)?.finding.severity).toBe('critical');
  });
  it('of next to no traffic says nothing', () => {
    expect(run(60, losing(50, 2)).flatMap((look) => look.findings)).toEqual([]);
    expect(run(60, losing(0.4, 200)).flatMap((look) => look.findings)).toEqual([]);
  });
});

describe('HTTP errors', () => {
  it('one failed run is nothing, a lasting one is a finding within ten seconds', () => {
    const once = run(30, (t) => (t % 2 ? {} : t === 10 ? everyTarget(ERROR_500, 500) : everyTarget()));
    expect(firing(once, 'http-errors')).toEqual([]);
    const lasting = run(30, (t) => (t % 2 ? {} : t > 10 ? everyTarget(ERROR_500, 500) : everyTarget()));
    expect(firing(lasting, 'http-errors')[0]?.t).toBeLessThanOrEqual(20);
  });
  it('a single target of several is enough, and it is the one that is named', () => {
    const looks = run(20, (t) =>
      t % 2 ? {} : { ...everyTarget(), 'http:GET /todos': http('GET /todos', ERROR_500, 500) },
    );
    expect(firing(looks, 'http-errors').at(-1)?.finding.title).toMatch(/^GET \/todos fails \(500\): 1 of 3/);
  });
  it('goes away once every target answers', () => {
    const looks = run(40, (t) => (t % 2 ? {} : t > 10 && t < 20 ? everyTarget(HANG) : everyTarget()));
    expect(firing(looks, 'http-errors').length).toBeGreaterThan(0);
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});
