import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { expect, it } from 'vitest';
import { issueCertificate } from '../../source/labs/certificates.js';
import { createHttpProbe } from '../../source/probes/http/http-probe.js';
import type { ProbeContext } from '../../source/probes/probe.js';
import { listen } from '../probes/http-servers.js';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const span = { from: NOW - DAY_MS, to: NOW + 20 * DAY_MS };
const root = issueCertificate({ name: 'A Root', ...span });
const middle = issueCertificate({ name: 'An Intermediate', issuer: root, ...span });
const hosts = ['pay.test', '127.0.0.1'];
const leaf = issueCertificate({ name: 'pay.test', hosts, issuer: middle, ...span });

it('is what others read as it was asked for, down to the length of a long list of names', () => {
  const read = new X509Certificate(leaf.pem);
  expect(read.subject).toBe('CN=pay.test');
  expect(read.issuer).toBe('CN=An Intermediate');
  expect(read.subjectAltName).toBe('DNS:pay.test, IP Address:127.0.0.1');
  expect(Math.abs(Date.parse(read.validTo) - span.to)).toBeLessThan(1_000);
  expect(Math.abs(Date.parse(read.validFrom) - span.from)).toBeLessThan(1_000);
  expect(read.ca).toBe(false);
  expect(new X509Certificate(middle.pem).ca).toBe(true);
  expect(read.verify(new X509Certificate(middle.pem).publicKey)).toBe(true);
  expect(read.verify(new X509Certificate(root.pem).publicKey)).toBe(false);
  const many = Array.from({ length: 40 }, (_, i) => `host-${i}.example.test`);
  const long = new X509Certificate(
    issueCertificate({ name: 'long', hosts: many, issuer: root, ...span }).pem,
  );
  expect(long.subjectAltName?.split(', ')).toHaveLength(40);
});

it('is accepted by a client that trusts its root for this target, refused without its issuer, and its days are told', async () => {
  const ask = async (cert: string, ca?: string) => {
    const port = await listen(createServer({ key: leaf.key, cert }, (_, response) => response.end('ok')));
    const url = `https://127.0.0.1:${port}/`;
    const probe = createHttpProbe({ target: 'GET /', url, ...(ca === undefined ? {} : { ca }) });
    return probe.run({ signal: new AbortController().signal } as ProbeContext);
  };
  const well = await ask(leaf.pem + middle.pem, root.pem);
  expect(well).toMatchObject({ ok: true, status: 200 });
  expect(well.certificate?.left).toBeCloseTo(20, 0);
  expect(well.certificate?.of).toBeCloseTo(21, 0);
  const alone = await ask(leaf.pem, root.pem);
  expect(alone.failure).toMatchObject({ kind: 'tls', tls: 'incomplete' });
  expect(alone.certificate).toBeUndefined();
  expect((await ask(leaf.pem + middle.pem)).failure?.tls).toBe('incomplete');
  expect((await ask(leaf.pem + middle.pem + root.pem)).failure?.tls).toBe('unknown-authority');
});

it('tells of a server that shares no version with clients of today what it does speak, and nothing of one that is well', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  const sent = { key: leaf.key, cert: leaf.pem + middle.pem };
  const ask = async (options: object) => {
    const port = await listen(createServer({ ...sent, ...options }, (_, response) => response.end('ok')));
    const url = `https://127.0.0.1:${port}/`;
    const probe = createHttpProbe({ target: 'GET /', url, ca: root.pem });
    return probe.run({ signal: new AbortController().signal } as ProbeContext);
  };
  const { failure } = await ask(old);
  expect(failure).toMatchObject({ kind: 'tls', tls: 'version' });
  expect(failure?.speaks).toMatch(/^TLS 1\.1, ECDHE-ECDSA-/);
  expect(failure?.text).toContain(`it speaks ${failure?.speaks}`);
  expect((await ask({})).failure).toBeNull();
});
