import { describe, expect, it } from 'vitest';
import { parseConntrackStat } from '../../source/linux/conntrack/conntrack-stat.js';
import { parseCounters } from '../../source/linux/proc-net/counters.js';
import { parseSockstat } from '../../source/linux/proc-net/sockstat.js';
import { fixture, fixtureText } from './fixture.js';
import { seededRandom, spoil } from './seeded-random.js';

describe('sockstat', () => {
  it('reads both families', () => {
    expect(parseSockstat(fixtureText('sockstat.txt'))).toEqual({
      tcpInuse: 23,
      timeWait: 3,
      orphan: 0,
      memPages: 295,
      udpInuse: 1,
    });
    expect(parseSockstat(fixtureText('sockstat6.txt'))).toMatchObject({
      tcpInuse: 13,
      timeWait: null,
      udpInuse: 0,
    });
    expect(parseSockstat('').tcpInuse).toBeNull();
  });
});

describe('snmp and netstat', () => {
  it('pairs names and values', () => {
    const snmp = parseCounters(fixtureText('snmp.txt'));
    expect(snmp.get('Tcp.CurrEstab')).toBeGreaterThan(20);
    expect(snmp.get('Tcp.MaxConn')).toBe(-1);
    expect(parseCounters(fixtureText('netstat.txt')).has('TcpExt.ListenOverflows')).toBe(true);
  });

  it('leaves out what a kernel does not have', () => {
    const counters = parseCounters('TcpExt: A B C\nTcpExt: 1 x\nIcmpMsg: InType3\nnonsense\nIcmpMsg: 4\n');
    expect([...counters]).toEqual([
      ['TcpExt.A', 1],
      ['IcmpMsg.InType3', 4],
    ]);
  });
});

describe('conntrack stat', () => {
  it('adds up hexadecimal columns by name, and never entries', () => {
    expect(parseConntrackStat(fixtureText('nf-conntrack-stat.txt'))).toEqual({
      drop: 0,
      earlyDrop: 0,
      insertFailed: 0,
      clashResolved: 0,
    });
    const stat =
      'entries  searched drop early_drop\n000000ff 00000001 0000000a 00000002\n000000ff 00000000 00000010 00000000\n';
    expect(parseConntrackStat(stat)).toEqual({
      drop: 26,
      earlyDrop: 2,
      insertFailed: null,
      clashResolved: null,
    });
  });
});

it('no spoiled text makes a parser throw or invent figures that are not finite', () => {
  const random = seededRandom(99);
  const texts = ['sockstat.txt', 'snmp.txt', 'netstat.txt', 'nf-conntrack-stat.txt'].map(fixture);
  for (let i = 0; i < 2_000; i++) {
    const text = spoil(texts[i % 4] as Buffer, random).toString('latin1');
    for (const value of parseCounters(text).values()) expect(Number.isFinite(value)).toBe(true);
    const figures = [...Object.values(parseSockstat(text)), ...Object.values(parseConntrackStat(text))];
    expect(figures.every((figure) => figure === null || Number.isFinite(figure))).toBe(true);
  }
});
