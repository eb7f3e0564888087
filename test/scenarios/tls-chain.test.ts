import { describe, expect, it } from 'vitest';
import type { CertificateDays, HttpFailure, HttpSample, TlsTrouble } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { ERROR_500, HANG, http, REFUSED } from '../helpers/samples.js';

const URL_ = 'https://shop.test:8443/';
const AT = 'shop.test:8443';
const fault = (tls: TlsTrouble, short: string): HttpFailure => ({
  ...{ kind: 'tls', phase: 'tls', tls, short },
  text: `${short}: whole`,
});
const EXPIRED = fault('expired', 'a certificate that expired yesterday');
const asked = (
  failure?: HttpFailure,
  certificate?: CertificateDays,
  url = URL_,
): Record<string, HttpSample> => ({
  'http:GET shop': { ...http('GET shop', failure), url, ...(certificate ? { certificate } : {}) },
});
const WELL = asked(undefined, { left: 60, of: 90 });
const named = (looks: ReturnType<typeof run>) => firing(looks, 'tls-chain');
const top = (looks: ReturnType<typeof run>) =>
  looks.at(-1)?.findings.filter(({ state }) => state === 'firing') ?? [];

describe('a certificate that is not accepted', () => {
  it.each([
    [EXPIRED, 'critical', /renew/],
    [fault('not-valid-yet', 'a certificate that is not valid yet'), 'critical', /clock/],
    [fault('other-name', 'a certificate for another name'), 'critical', /of this name/],
    [fault('incomplete', 'an incomplete certificate chain'), 'critical', /fullchain/],
    [fault('unknown-authority', 'a certificate of an unknown authority'), 'warning', /trust/],
    [fault('self-signed', 'a self-signed certificate'), 'warning', /trust/],
  ])('is named alone within three runs, with its fix: %o', (failure, severity, fix) => {
    const looks = run(20, (t) => (t % 2 ? {} : t > 6 ? asked(failure) : WELL));
    expect(named(looks)[0]?.t).toBeLessThanOrEqual(12);
    expect(named(looks).at(-1)?.finding).toMatchObject({
      subject: { kind: 'listener', id: AT },
      title: `TLS at ${AT} fails with ${failure.short}`,
      severity,
    });
    expect(named(looks).at(-1)?.finding.fix[0]?.text).toMatch(fix);
    expect(top(looks).filter(({ explainedBy }) => explainedBy === null)).toHaveLength(1);
  });

  it('is named when the look begins with it, and gone once the new one is served', () => {
    const looks = run(40, (t) => (t % 2 ? {} : t < 20 ? asked(EXPIRED) : WELL));
    expect(named(looks)[0]?.t).toBeLessThanOrEqual(5);
    expect(looks.at(-1)?.findings).toEqual([]);
    expect(named(looks).at(-1)?.t).toBeLessThanOrEqual(45);
  });

  it('of one of three replicas stays named while the others answer in between', () => {
    const looks = run(60, (t) => (t % 3 === 0 ? asked(EXPIRED) : WELL));
    const states = looks.map(({ findings }) => findings.find(({ id }) => id === 'tls-chain')?.state);
    expect(new Set(states.slice(12))).toEqual(new Set(['firing']));
  });

  it.each([
    ['one handshake alone', (t: number) => (t === 10 ? asked(EXPIRED) : WELL)],
    ['a refused connection', () => asked(REFUSED)],
    ['a server that does not answer', () => asked(HANG)],
    ['an error of the application', () => asked(ERROR_500)],
    [
      'no TLS at the port',
      () => asked({ kind: 'tls', phase: 'tls', text: 'x', short: 'no TLS at its port' }),
    ],
    ['no version in common', () => asked(fault('version', 'no TLS version in common'))],
    ['a handshake that was refused', () => asked(fault('refused-handshake', 'a refused TLS handshake'))],
  ])('is not what is named for %s', (_, world) => {
    expect(named(run(30, (t) => (t % 2 ? {} : world(t))))).toEqual([]);
  });

  it('clears itself where a certificate was seen to be accepted', () => {
    const looks = run(30, (t) => (t % 2 ? {} : { ...WELL, ...{ 'http:GET /': http('GET /', HANG) } }));
    expect(named(looks)).toEqual([]);
  });
});

describe('a certificate that ends soon', () => {
  const last = (left: number, of: number) =>
    named(run(10, () => asked(undefined, { left, of }))).at(-1)?.finding;

  it.each([
    [13.5, 90, 'notice', 'ends in 13 days'],
    [6.2, 90, 'warning', 'ends in 6 days'],
    [1, 30, 'warning', 'ends in 24'],
  ])('%s of %s days is a %s', (left, of, severity, title) => {
    expect(last(left, of)?.severity).toBe(severity);
    expect(last(left, of)?.title).toContain(`The certificate of ${AT} ${title}`);
  });

  it.each([
    [20, 90],
    [14.5, 365],
    [5, 7],
    [0.6, 1],
  ])('%s of %s days is none: there is time, or it is made for days', (left, of) => {
    expect(last(left, of)).toBeUndefined();
  });

  it('is over once a new one is served', () => {
    const looks = run(20, (t) => (t < 10 ? asked(undefined, { left: 3, of: 90 }) : WELL));
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});
