import { isIP } from 'node:net';
import dnsPacket from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { createDnsProbe, type DnsProbeOptions } from '../../source/probes/dns/dns-probe.js';
import { decodeReply, newQuestion } from '../../source/probes/dns/message.js';
import type { Probe } from '../../source/probes/probe.js';
import type { DnsNameSample, DnsSample } from '../../source/probes/samples.js';
import { noise, seededRandom, spoil } from '../linux/seeded-random.js';
import { type Answer, startDns, type TestDns } from './dns-server.js';
import { runProbe } from './run-probe.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const V4 = '192.0.2.7';
const address = (qtype: string): Answer => ({ addresses: [qtype === 'A' ? V4 : '2001:db8::7'] });

async function server(answer: Parameters<typeof startDns>[0]): Promise<TestDns> {
  const dns = await startDns(answer);
  open.push(dns);
  return dns;
}

function probeOf(port: number, options: Partial<DnsProbeOptions> = {}): Probe<DnsSample> {
  const probe = createDnsProbe({
    names: ['db.lab'],
    resolvers: [{ address: '127.0.0.1', port }],
    patienceMs: 300,
    ...options,
  });
  open.push({ close: () => probe.close?.() });
  return probe;
}

async function ask(probe: Probe<DnsSample>): Promise<DnsNameSample> {
  return (await runProbe(probe)).names[0] as DnsNameSample;
}

const outcomes = (sample: DnsNameSample): string[] =>
  sample.steps.map((step) => `${step.qtype} ${step.outcome}`);

describe('DNS resolution', () => {
  it('asks a name that has a server of its own there alone, as it is written', async () => {
    const [usual, own] = [await server((_, type) => address(type)), await server((_, type) => address(type))];
    const names = ['db.lab', { name: 'api', server: { address: '127.0.0.1', port: own.port } }];
    const probe = probeOf(usual.port, { names, search: ['a.test'], ndots: 1 });
    expect(probe.reads).toBe(`UDP 127.0.0.1:${usual.port}, UDP 127.0.0.1:${own.port}`);
    const sample = await runProbe(probe);
    expect(sample.names.map(({ name, resolver }) => [name, resolver])).toEqual([
      ['db.lab', `127.0.0.1:${usual.port}`],
      ['api', `127.0.0.1:${own.port}`],
    ]);
    expect(sample.names[1]?.steps.map(({ qname }) => qname)).toEqual(['api', 'api']);
  });

  it('asks A and AAAA of each name of the search list, and stops at the first address', async () => {
    const dns = await server((name, type) =>
      name === 'api.example' ? address(type) : { rcode: 'NXDOMAIN' },
    );
    const sample = await ask(
      probeOf(dns.port, { names: ['api.example'], search: ['a.test', 'b.test'], ndots: 5 }),
    );
    expect(dns.asked).toEqual([
      'A api.example.a.test',
      'AAAA api.example.a.test',
      'A api.example.b.test',
      'AAAA api.example.b.test',
      'A api.example',
      'AAAA api.example',
    ]);
    expect(sample).toMatchObject({ resolved: true, resolver: `127.0.0.1:${dns.port}`, late: [] });
    expect(outcomes(sample).slice(2)).toEqual(['A NXDOMAIN', 'AAAA NXDOMAIN', 'A NOERROR', 'AAAA NOERROR']);
    expect(sample.steps.at(-1)?.addresses).toEqual(['2001:db8::7']);
  });

  it.each(['NXDOMAIN', 'SERVFAIL', 'REFUSED', 'FORMERR', 'NOTIMP'] as const)(
    'reports %s as it is',
    async (rcode) => {
      const dns = await server(() => ({ rcode }));
      const sample = await ask(probeOf(dns.port));
      expect(outcomes(sample)).toEqual([`A ${rcode}`, `AAAA ${rcode}`]);
      expect(sample.resolved).toBe(false);
    },
  );

  it('resolves by IPv4 alone and calls the other NODATA', async () => {
    const dns = await server((_, type) => (type === 'A' ? address('A') : {}));
    const sample = await ask(probeOf(dns.port));
    expect(outcomes(sample)).toEqual(['A NOERROR', 'AAAA NODATA']);
    expect(sample.resolved).toBe(true);
  });

  it('waits as long as patience when nobody answers, and skips the suffixes as libc does', async () => {
    const dns = await server(() => undefined);
    const sample = await ask(probeOf(dns.port, { search: ['a.test', 'b.test'], ndots: 5 }));
    expect(outcomes(sample)).toEqual(['A timeout', 'AAAA timeout', 'A timeout', 'AAAA timeout']);
    expect(sample.steps.map((step) => step.qname)[2]).toBe('db.lab');
    expect(sample.totalMs).toBe(600);
  });

  it('sees a closed port as refused, at once', async () => {
    const dns = await server(() => undefined);
    await dns.close();
    open.splice(open.indexOf(dns), 1);
    const sample = await ask(probeOf(dns.port, { patienceMs: 5_000, search: ['a.test'] }));
    expect(outcomes(sample)).toEqual(['A refused', 'AAAA refused']);
    expect(sample.totalMs).toBeLessThan(2_500);
  });

  it('passes over answers with another id, another question, and no DNS at all', async () => {
    const dns = await server((_, type) => [
      {
        ...address(type),
        spoil: (packet) => ({ ...packet, id: ((packet.id ?? 0) + 1) & 0xffff, answers: [] }),
      },
      {
        rcode: 'NXDOMAIN',
        spoil: (packet) => ({ ...packet, questions: [{ type: 'A', name: 'other.lab' }] }),
      },
      { ...address(type), delayMs: 60 },
    ]);
    const sample = await ask(probeOf(dns.port, { patienceMs: 2_000 }));
    expect(outcomes(sample)).toEqual(['A NOERROR', 'AAAA NOERROR']);
  });

  it('asks again over TCP when the answer did not fit', async () => {
    const dns = await server((_, type, over) => (over === 'tcp' ? address(type) : { truncated: true }));
    const sample = await ask(probeOf(dns.port, { patienceMs: 2_000 }));
    expect(sample.steps[0]).toMatchObject({ outcome: 'NOERROR', addresses: [V4] });
    expect(dns.asked).toHaveLength(4);
  });

  it('says of an answer that did not fit what became of it over TCP', async () => {
    const dns = await server((_, type, over) =>
      type !== 'A' ? address(type) : over === 'tcp' ? undefined : { truncated: true },
    );
    const sample = await ask(probeOf(dns.port, { patienceMs: 200 }));
    expect(sample.steps[0]).toMatchObject({ qtype: 'A', outcome: 'timeout', truncated: true });
    expect(sample.steps[1]).not.toHaveProperty('truncated');
  });

  it('asks every resolver for every name', async () => {
    const one = await server((_, type) => address(type));
    const other = await server(() => ({ rcode: 'NXDOMAIN' }));
    const resolvers = [one, other].map(({ port }) => ({ address: '127.0.0.1', port }));
    const { names } = await runProbe(probeOf(0, { resolvers, names: ['a.lab', 'b.lab', '192.0.2.1'] }));
    expect(names.map(({ resolved }) => resolved)).toEqual([true, false, true, false, true, true]);
  });
});

describe('answers that come late', () => {
  it('are reported by the next run with their true time', async () => {
    const dns = await server((_, type) => ({ ...address(type), delayMs: 500 }));
    const probe = probeOf(dns.port, { patienceMs: 150 });
    const first = await ask(probe);
    expect(outcomes(first)).toEqual(['A timeout', 'AAAA timeout']);
    expect(first.late).toEqual([]);
    await dns.answered();
    const second = await ask(probe);
    expect(second.late.map(({ qtype, outcome }) => `${qtype} ${outcome}`).sort()).toEqual([
      'A NOERROR',
      'AAAA NOERROR',
    ]);
    for (const late of second.late) expect(late.ms).toBeGreaterThan(400);
  });

  it('are not listened for for ever, nor in any number', async () => {
    const dns = await server((_, type) => ({ ...address(type), delayMs: 400 }));
    const impatient = probeOf(dns.port, { patienceMs: 50, watchMs: 100 });
    const bounded = probeOf(dns.port, { names: ['a.lab', 'b.lab', 'c.lab'], patienceMs: 50, mostWatched: 2 });
    await Promise.all([ask(impatient), runProbe(bounded)]);
    await dns.answered();
    expect((await ask(impatient)).late).toEqual([]);
    const late = (await runProbe(bounded)).names.flatMap((name) => name.late);
    expect(late).toHaveLength(2);
  });
});

it('stops at once when it is aborted', async () => {
  const abort = new AbortController();
  const dns = await server(() => {
    abort.abort(new Error('quit'));
    return undefined;
  });
  const began = performance.now();
  await expect(runProbe(probeOf(dns.port, { patienceMs: 10_000 }), abort.signal)).rejects.toThrow('quit');
  expect(performance.now() - began).toBeLessThan(5_000);
});

it('says that it has nothing to ask', async () => {
  await expect(runProbe(probeOf(1, { names: [] }))).rejects.toMatchObject({ kind: 'not-configured' });
  await expect(runProbe(probeOf(1, { resolvers: [] }))).rejects.toMatchObject({ kind: 'not-configured' });
});

it('survives hostile datagrams', () => {
  const question = { ...newQuestion('db.lab', 'A'), id: 0x1234 };
  const answer = dnsPacket.encode({
    type: 'response',
    id: 0x1234,
    questions: [{ type: 'A', name: 'db.lab' }],
    answers: [
      { type: 'CNAME', name: 'db.lab', data: 'one.lab' },
      { type: 'A', name: 'one.lab', ttl: 5, data: V4 },
    ],
  });
  expect(decodeReply(answer, question)).toEqual({ outcome: 'NOERROR', addresses: [V4], truncated: false });
  const pointerLoop = Buffer.from('123481800001000000000000c00c00010001', 'hex');
  expect(decodeReply(pointerLoop, question)).toBeUndefined();
  const random = seededRandom(42);
  let refused = 0;
  for (let i = 0; i < 3_000; i++) {
    const bytes = i % 3 === 0 ? noise(Math.floor(random() * 200), random) : spoil(answer, random);
    // The id is right and it is an answer: the rest of the bytes must be what turns it down.
    if (bytes.length > 3) bytes.writeUIntBE(0x123481, 0, 3);
    const reply = decodeReply(bytes, question);
    if (!reply) refused++;
    else expect(reply.addresses.every((text) => isIP(text) !== 0)).toBe(true);
  }
  expect(refused).toBeGreaterThan(1_000);
  expect(refused).toBeLessThan(3_000);
});
