import { expect, it } from 'vitest';
import type { HttpFailure } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { http } from '../helpers/samples.js';

const AT = 'shop.test:8443';
const failed = (over: Partial<HttpFailure>): HttpFailure => ({
  ...{
    kind: 'tls',
    phase: 'tls',
    text: 'no TLS version in common: whole',
    short: 'no TLS version in common',
  },
  ...over,
});
const asked = (failure?: HttpFailure) => ({
  'http:GET shop': {
    ...http('GET shop', failure),
    url: `https://${AT}/`,
    ...(failure ? {} : { certificate: { left: 60, of: 90 } }),
  },
});
const looksOf = (failure: HttpFailure) =>
  run(30, (t) => (t % 2 ? {} : t > 4 && t < 20 ? asked(failure) : asked()));

it.each([
  ['no version in common', failed({ tls: 'version' }), `No TLS version or cipher in common with ${AT}`],
  [
    'a cipher of old',
    failed({ tls: 'refused-handshake', speaks: 'TLS 1.2, AES128-SHA' }),
    `No TLS version or cipher in common with ${AT}: it speaks TLS 1.2, AES128-SHA`,
  ],
])('%s is named within three runs, alone, and is over once a handshake comes about', (_, failure, title) => {
  const looks = looksOf(failure);
  const named = firing(looks, 'tls-version');
  expect(named[0]?.t).toBeLessThanOrEqual(10);
  expect(named[0]?.finding).toMatchObject({ title, severity: 'critical' });
  expect(firing(looks, 'tls-chain')).toEqual([]);
  const beside = looks[17]?.findings.filter(({ state, explainedBy }) => state === 'firing' && !explainedBy);
  expect(beside).toHaveLength(1);
  expect(looks.at(-1)?.findings).toEqual([]);
});

it.each([
  ['a refused handshake of which nothing more is known', failed({ tls: 'refused-handshake' })],
  ['a certificate that is not accepted', failed({ tls: 'expired' })],
  ['no TLS at the port', failed({ short: 'no TLS at its port' })],
])('%s is not', (_, failure) => {
  expect(firing(looksOf(failure), 'tls-version')).toEqual([]);
});
