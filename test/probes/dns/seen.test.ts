import { describe, expect, it } from 'vitest';
import type { SeenMessage } from '../../../source/linux/packet/dns-message.js';
import { AskedNames } from '../../../source/probes/dns/asked-names.js';
import { newQuestion } from '../../../source/probes/dns/message.js';
import { isOwnQuestion, noteChildLooksUp } from '../../../source/probes/dns/own-questions.js';
import { SeenLate } from '../../../source/probes/dns/seen-late.js';
import { SeenSilence } from '../../../source/probes/dns/seen-silence.js';

/** An id that none of ours would have for that name. */
function foreignId(qname: string, from = 1): number {
  let id = from;
  while (isOwnQuestion(id, qname)) id++;
  return id;
}

function seen(qname: string, over: Partial<SeenMessage> = {}): SeenMessage {
  const base = { kind: 'question', server: '10.0.0.53', qtype: 'A', rcode: 0, answers: 0 } as const;
  return { ...base, id: foreignId(qname), qname, ...over };
}

describe('names that somebody is seen to ask for', () => {
  it('are given without the suffix of the search list, the one asked last first', () => {
    const names = new AskedNames();
    names.saw([seen('db.corp.example'), seen('pay.example'), seen('api.b.corp.example')], 0);
    expect(names.asWritten(['corp.example', 'b.corp.example'])).toEqual(['api', 'pay.example', 'db']);
    expect(names.asWritten([])).toEqual(['api.b.corp.example', 'pay.example', 'db.corp.example']);
  });

  it('are searched for while a form with a suffix is seen as well', () => {
    const names = new AskedNames();
    names.saw([seen('api.example.corp.example'), seen('api.example'), seen('dotted.example')], 0);
    const searched = (name: string): boolean => names.searches(name, ['corp.example']);
    expect(['api.example', 'dotted.example', 'never.example'].map(searched)).toEqual([true, false, false]);
    names.saw([seen('api.example')], 60_000);
    expect(searched('api.example')).toBe(false);
  });

  it('are forgotten once nobody asks any more, and bounded', () => {
    const names = new AskedNames();
    names.saw([seen('old.example')], 0);
    names.saw([seen('new.example')], 700_000);
    expect(names.asWritten([])).toEqual(['new.example']);
    names.saw(
      Array.from({ length: 500 }, (_, i) => seen(`n${i}.example`)),
      700_001,
    );
    expect(names.asWritten([])).toHaveLength(64);
  });

  it('are none of ours: neither what we ask, nor what our children do', () => {
    const names = new AskedNames();
    for (let i = 0; i < 200; i++) {
      const { id, qname } = newQuestion('watched.example', 'A');
      names.saw([seen(qname, { id })], 0);
    }
    const byChild = [seen('missing.example'), seen('missing.example.corp')];
    const done = noteChildLooksUp('missing.example');
    names.saw(byChild, 0);
    done();
    expect(names.asWritten([])).toEqual([]);
  });

  it('are not lost by that: at most one id in eight of others looks like one of ours', () => {
    const own = Array.from({ length: 65_536 }, (_, id) => id).filter((id) => isOwnQuestion(id, 'db.example'));
    expect(own.length).toBeLessThan(65_536 / 8);
  });
});

describe('answers that come when nobody waits any more', () => {
  const answer = (qname: string, over: Partial<SeenMessage> = {}) =>
    seen(qname, { kind: 'answer', answers: 1, ...over });

  it('are told once, with how long they took', () => {
    const late = new SeenLate();
    late.saw([seen('db.example')], 0);
    late.saw([answer('db.example')], 6_000);
    expect(late.take('db.example')).toEqual([
      { qname: 'db.example', qtype: 'A', outcome: 'NOERROR', ms: 6_000 },
    ]);
    expect(late.take('db.example')).toEqual([]);
  });

  it('are not those that come in time, twice, or to nobody', () => {
    const late = new SeenLate();
    late.saw([answer('db.example')], 0);
    late.saw([seen('db.example')], 1_000);
    late.saw([answer('db.example')], 2_000);
    late.saw([answer('db.example')], 9_000);
    expect(late.take('db.example')).toEqual([]);
  });

  it('belong to the name as it is written, with a suffix or without', () => {
    const late = new SeenLate();
    late.saw([seen('db.corp.example')], 0);
    late.saw([answer('db.corp.example', { rcode: 2, answers: 0 })], 8_000);
    expect(late.take('db')).toMatchObject([{ outcome: 'SERVFAIL', ms: 8_000 }]);
  });

  it('are waited for while a question is open, and no longer than half a minute', () => {
    const late = new SeenLate();
    late.saw([seen('db.example')], 0);
    expect(late.waits(1_000)).toBe(false);
    expect(late.waits(2_000)).toBe(true);
    late.saw([], 40_000);
    expect(late.waits(40_000)).toBe(false);
  });
});

describe('questions that a server does not answer', () => {
  const told = (qname: string): SeenMessage => seen(qname, { kind: 'answer', answers: 1 });

  it('are counted from the first, by server', () => {
    const silence = new SeenSilence();
    silence.saw([seen('a.test'), seen('b.test', { server: '10.0.0.54' })], 1000);
    silence.saw([seen('a.test')], 3000);
    expect(silence.now(6000)).toEqual([
      { server: '10.0.0.53', asked: 2, ms: 5000 },
      { server: '10.0.0.54', asked: 1, ms: 5000 },
    ]);
  });

  it('are over with any answer of that server, whoever asked for it', () => {
    const silence = new SeenSilence();
    silence.saw([seen('a.test'), seen('b.test'), told('c.test')], 0);
    expect(silence.now(9000)).toEqual([]);
    silence.saw([seen('a.test')], 9000);
    expect(silence.now(9000)).toEqual([{ server: '10.0.0.53', asked: 1, ms: 0 }]);
  });

  it('are none of ours, and not many', () => {
    const silence = new SeenSilence();
    const { id, qname } = newQuestion('watched.example', 'A');
    silence.saw([seen(qname, { id })], 0);
    expect(silence.now(0)).toEqual([]);
    silence.saw(
      Array.from({ length: 500 }, (_, i) => seen('a.test', { server: `10.0.${i >> 8}.${i & 255}` })),
      0,
    );
    expect(silence.now(0)).toHaveLength(64);
  });
});

describe('how long others wait for what they are given', () => {
  it('is told by the times of the packets, however seldom one looks', () => {
    const late = new SeenLate();
    const id = foreignId('db.example');
    const question = seen('db.example', { id, at: 1_000 });
    const answer = seen('db.example', { id, kind: 'answer', answers: 1, at: 3_480 });
    late.saw([question, question, answer, answer], 60_000);
    expect(late.takeTimes('db.example')).toEqual([2_480]);
    expect(late.takeTimes('db.example')).toEqual([]);
    expect(late.take('db.example')).toEqual([]);
  });

  it('is not told where packets have no time, of what is denied, and of our own questions', () => {
    const late = new SeenLate();
    const id = foreignId('db.example');
    late.saw([seen('db.example', { id }), seen('db.example', { id, kind: 'answer', answers: 1 })], 0);
    late.saw(
      [seen('db.example', { id, at: 1 }), seen('db.example', { id, kind: 'answer', rcode: 3, at: 9 })],
      0,
    );
    const own = newQuestion('db.example', 'A').id;
    late.saw(
      [seen('db.example', { id: own, at: 1 }), seen('db.example', { id: own, kind: 'answer', at: 9 })],
      0,
    );
    expect(late.takeTimes('db.example')).toEqual([]);
  });
});
