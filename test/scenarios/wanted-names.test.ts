import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { AskedNames } from '../../source/probes/dns/asked-names.js';
import type { DnsOutcome, DnsSample } from '../../source/probes/samples.js';
import { watch } from '../helpers/history.js';
import { dns } from '../helpers/samples.js';

const NXDOMAIN = { outcome: 'NXDOMAIN', ms: 2 } as const;

/** What is said at the end of 20 s of a host whose programs ask for names that we were not given. */
const said = (names: DnsSample['names']) =>
  (watch(20, (t) => (t % 2 === 0 ? { dns: { ...dns(), names } } : {}), allModes()).at(-1)?.findings ?? [])
    .filter((one) => one.state === 'firing')
    .map(({ id, severity }) => `${id} ${severity}`);

const learnt = (name: string, timesAsked: number, lookup: Parameters<typeof dns>[0] = NXDOMAIN) =>
  dns({ ...lookup, name }).names.map((one) => ({ ...one, learnt: true, timesAsked }));

describe('a name that never was given while we looked', () => {
  it('and that a program asks for again and again is worth a word', () => {
    expect(said(learnt('db.shop.example', 12))).toEqual(['name-missing notice']);
    expect(said(learnt('metrics-sidecar', 12))).toEqual(['name-missing notice']);
  });

  it('is nobody’s trouble where it was asked for once, or is not any more', () => {
    expect(said(learnt('db.shop.example', 2))).toEqual([]);
    expect(said(learnt('db.shop.example', 0))).toEqual([]);
    expect(said(learnt('qzkfwhvbxr', 1))).toEqual([]);
  });

  it.each([
    ...['wpad', 'wpad.lan', 'isatap', 'isatap.corp.example', 'use-application-dns.net', 'unifi'],
    ...['7.0.0.127.in-addr.arpa', 'printer.local', '_dmarc.shop.example', '_http._tcp.shop.example'],
    ...['2.0.0.127.zen.spamhaus.org', '1.0.0.10.dnsbl.example', 'hidden.onion', 'box.invalid'],
  ])('is nobody’s need: %s', (name) => {
    expect(said(learnt(name, 40))).toEqual([]);
  });

  it('is not a name like those because it begins like one', () => {
    for (const name of ['wpad2.example', 'localdb.shop.example', '10.0.0.1x.example', 'arpa.example'])
      expect(said(learnt(name, 40)), name).toEqual(['name-missing notice']);
  });

  it('is none where it has no address of one family, or another suffix of it is given', () => {
    expect(said(learnt('v6.example', 40, { outcome: 'NODATA' as DnsOutcome, ms: 2 }))).toEqual([]);
    const given = dns({ name: 'web.lan' }).names;
    expect(said([...given, ...learnt('web.lan.corp.example', 40)])).toEqual([]);
  });

  it('is more than a word where the server fails for it, all the time', () => {
    const failed = { outcome: 'SERVFAIL', ms: 2 } as const;
    expect(said(learnt('db.shop.example', 12, failed))).toEqual(['dns-failure warning']);
    expect(said(learnt('db.shop.example', 3, failed))).toEqual(['dns-failure notice']);
  });

  it('is none where it is given now and then', () => {
    const names = (t: number) => (t % 4 === 2 ? dns({ name: 'db.example' }).names : learnt('db.example', 40));
    const looks = watch(40, (t) => (t % 2 === 0 ? { dns: { ...dns(), names: names(t) } } : {}), allModes());
    expect(looks.flatMap(({ findings }) => findings.filter((one) => one.severity === 'notice'))).toEqual([]);
  });
});

describe('how often a name is asked for', () => {
  const question = (qname: string, qtype: 'A' | 'AAAA') =>
    ({ kind: 'question', server: '10.0.0.53', id: 3, qname, qtype, rcode: 0, answers: 0 }) as const;

  it('is counted by lookups, suffix or not, until nobody asks any more', () => {
    const names = new AskedNames();
    for (let i = 0; i < 4; i++)
      names.saw([question('db.lan', 'A'), question('db.lan', 'AAAA'), question('db', 'A')], i * 1_000);
    expect(names.timesAsked('db', ['lan'], 4_000)).toBe(4);
    expect(names.timesAsked('other', ['lan'], 4_000)).toBe(0);
    expect(names.timesAsked('db', ['lan'], 60_000)).toBe(0);
  });
});
