import { readFileSync } from 'node:fs';
import { createSecureServer as createHttp2 } from 'node:http2';
import { createServer, type ServerOptions } from 'node:https';
import { connect } from 'node:net';
import { type DetailedPeerCertificate, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { explainCertificate } from '../../source/probes/http/certificate.js';
import { get, listen, says, tcp, web } from './http-servers.js';

const pem = (name: string): Buffer =>
  readFileSync(new URL(`./fixtures/certificates/${name}.pem`, import.meta.url));
// As NODE_EXTRA_CA_CERTS does it; before the first certificate is looked at.
setDefaultCACertificates([...getCACertificates('default'), String(pem('root'))]);

async function failureWith(name: string, options: ServerOptions = {}, host = 'localhost') {
  const both = pem(name);
  const port = await listen(
    createServer({ key: both, cert: both, ...options }, (_, response) => response.end('ok')),
  );
  return await get(`https://${host}:${port}/`);
}

describe('a certificate', () => {
  it('that a trusted authority signed is accepted, by name and by address', async () => {
    expect(await failureWith('good')).toMatchObject({ ok: true, status: 200, failure: null });
    expect(await failureWith('good', {}, '127.0.0.1')).toMatchObject({
      ok: true,
      status: 200,
      failure: null,
    });
  });

  it.each([
    [
      'expired',
      /^a certificate that expired \d+ days ago$/,
      /^a certificate that expired \d+ days ago, at 2021-01-01 00:00 UTC$/,
    ],
    [
      'future',
      /^a certificate that is not valid yet$/,
      /: it begins at 2098-01-01 00:00 UTC, and this host's clock says 2/,
    ],
    [
      'other',
      /^a certificate for another name$/,
      /: it is for shop\.test, www\.shop\.test, not for localhost$/,
    ],
    [
      'alone',
      /^an incomplete certificate chain$/,
      /its own certificate alone, not that of its issuer "Faultline Test Intermediate"/,
    ],
    [
      'foreign',
      /^a certificate of an unknown authority$/,
      /goes back to "A Root That Nobody Knows", which this host does not trust$/,
    ],
    [
      'self-signed-expired',
      /^a self-signed certificate, out of date as well$/,
      /it signed itself.*; and a certificate that expired/,
    ],
    [
      'expired-issuer',
      /^an issuer's certificate \("An Old Intermediate"\) that expired/,
      /at 2021-01-01 00:00 UTC$/,
    ],
  ])('%s', async (name, short, text) => {
    const { ok, status, failure } = await failureWith(name);
    expect({ ok, status, kind: failure?.kind, phase: failure?.phase }).toEqual({
      ...{ ok: false, status: null, kind: 'tls', phase: 'tls' },
    });
    expect(failure?.short).toMatch(short);
    expect(failure?.text).toMatch(text);
  });

  it.each([
    [30 * 60_000, '30 min ago'],
    [5 * 3_600_000, '5 h ago'],
    [26 * 3_600_000, 'yesterday'],
    [47 * 3_600_000, 'yesterday'],
    [49 * 3_600_000, '2 days ago'],
  ])('that expired %d ms ago expired %s', (ms, ago) => {
    const to = Date.UTC(2026, 0, 10);
    const leaf = {
      valid_from: 'Jan 1 00:00:00 2026 GMT',
      valid_to: 'Jan 10 00:00:00 2026 GMT',
      subject: { CN: 'x' },
    };
    const { short } = explainCertificate('CERT_HAS_EXPIRED', leaf as DetailedPeerCertificate, 'x', to + ms);
    expect(short).toBe(`a certificate that expired ${ago}`);
  });

  it('of a hostile name is cleaned, and a chain in a circle ends', () => {
    const leaf = {
      ...{ valid_from: 'Jan 1 00:00:00 2026 GMT', valid_to: 'Jan 1 00:00:00 2126 GMT', fingerprint256: 'a' },
      ...{ subject: { CN: 'x' }, issuer: { CN: '\u001b]52;c;YQ==\u0007evil\u202e' } },
    } as DetailedPeerCertificate;
    leaf.issuerCertificate = leaf;
    const { text } = explainCertificate('UNABLE_TO_VERIFY_LEAF_SIGNATURE', leaf, 'x', Date.UTC(2027, 0));
    expect(text).toContain('its issuer "evil"');
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('TLS', () => {
  const options = { key: pem('good'), cert: pem('good') };

  it('of a server that speaks HTTP/2 alone is answered by HTTP/2, a failing status too', async () => {
    const port = await listen(
      createHttp2(options).on('stream', (stream, headers) => {
        stream.respond({ ':status': headers[':path'] === '/sick' ? 503 : 200 });
        stream.end('ok');
      }) as never,
    );
    expect(await get(`https://localhost:${port}/`)).toMatchObject({ ok: true, status: 200, note: 'HTTP/2' });
    expect(await get(`https://localhost:${port}/sick`)).toMatchObject({
      ok: false,
      status: 503,
      failure: { kind: 'status' },
    });
  });

  it('of one that speaks both is HTTP/1.1', async () => {
    const port = await listen(
      createHttp2({ ...options, allowHTTP1: true }, (request, response) =>
        response.end(request.httpVersion),
      ) as never,
    );
    const sample = await get(`https://localhost:${port}/`);
    expect(sample).toMatchObject({ ok: true, status: 200 });
  });

  it('that wants a certificate of its client is alive', async () => {
    const sample = await failureWith('good', {
      requestCert: true,
      rejectUnauthorized: true,
      ca: pem('root'),
    });
    expect(sample).toMatchObject({ ok: true, status: null, note: 'asks for a client certificate: alive' });
  });

  it.each([
    [
      'an old version',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'no TLS version in common',
    ],
    [
      'no cipher in common',
      { maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256@SECLEVEL=0' },
      'a refused TLS handshake',
    ],
    ['another protocol inside', { ALPNProtocols: ['acme-tls/1'] }, 'neither HTTP/1.1 nor HTTP/2'],
  ])('with %s says so', async (_, more, short) => {
    const { failure } = await failureWith('good', more as ServerOptions);
    expect(failure).toMatchObject({ kind: 'tls', phase: 'tls', short });
  });

  it.each([
    ['plain HTTP', () => web((_, response) => response.end())],
    ['garbage', () => says(Buffer.alloc(2_000, 0xa5))],
    ['a banner', () => tcp((socket) => socket.write('220 mail.test ESMTP\r\n'))],
  ])('asked of %s: there is none', async (_, server) => {
    const { failure } = await get(`https://localhost:${await server()}/`);
    expect(failure).toMatchObject({ kind: 'tls', phase: 'tls', short: 'no TLS at its port' });
  });

  it('where http:// was asked is said', async () => {
    const both = pem('good');
    const port = await listen(createServer({ key: both, cert: both }));
    const { failure } = await get(`http://localhost:${port}/`);
    expect(failure).toMatchObject({ kind: 'protocol', short: 'TLS where http:// was asked' });
  });

  it('where http:// was asked is said, too, of a server that answers 400 to it, and of no other 400', async () => {
    const both = pem('good');
    const secure = await listen(createServer({ key: both, cert: both }));
    const port = await tcp((socket) =>
      socket.once('data', (first) => {
        if (first[0] !== 0x16) return socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n');
        const behind = connect(secure, '127.0.0.1');
        behind.on('error', () => socket.destroy());
        behind.write(first);
        return socket.pipe(behind).pipe(socket);
      }),
    );
    expect((await get(`http://localhost:${port}/`)).failure?.short).toBe('TLS where http:// was asked');
    const plain = await web((_, response) => response.writeHead(400).end());
    expect(await get(`http://localhost:${plain}/`)).toMatchObject({ ok: true, status: 400 });
  });
});
