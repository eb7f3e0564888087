import { describe, expect, it } from 'vitest';
import { httpErrors } from '../../scenarios/http-errors/index.js';
import type { HttpFailure, HttpSample } from '../../source/probes/samples.js';
import { watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { ERROR_500, everyTarget, HANG, http } from '../helpers/samples.js';

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
  expect(firing(looks, 'http-errors').at(-1)?.finding.title).toMatch(
    /^GET \/todos fails with status 500: 1 of 3/,
  );
});

it('goes away once every target answers', () => {
  const looks = run(40, (t) => (t % 2 ? {} : t > 10 && t < 20 ? everyTarget(HANG) : everyTarget()));
  expect(firing(looks, 'http-errors').length).toBeGreaterThan(0);
  expect(looks.at(-1)?.findings).toEqual([]);
});

it('stays until each of its targets has answered twice', () => {
  const well = (t: number) => (t > 20 && t % 4 === 0 ? everyTarget() : everyTarget(ERROR_500, 500));
  const looks = run(60, (t) => (t % 2 ? {} : t > 10 ? well(t) : everyTarget()));
  expect(new Set(looks.slice(30).map(({ findings }) => findings[0]?.state))).toEqual(new Set(['firing']));
});

describe('its title', () => {
  const target = (port: number, name: string, failure?: HttpFailure, over: Partial<HttpSample> = {}) => ({
    [`http:${name}`]: { ...http(name, failure), url: `http://127.0.0.1:${port}/`, ...over },
  });
  const named = (...targets: readonly Readonly<Record<string, HttpSample>>[]): string[] => {
    const world = Object.assign({}, ...targets);
    const looks = watch(20, (t) => (t % 2 === 0 ? world : {}), [httpErrors.mode]);
    return (looks.at(-1)?.findings ?? []).map(({ target: to, title }) => `${to}: ${title}`);
  };
  const TLS: HttpFailure = { kind: 'tls', phase: 'tls', text: 'CERT_HAS_EXPIRED' };

  it('lists the targets of its own address alone', () => {
    expect(
      named(
        target(6001, 'GET /a', ERROR_500, { status: 500 }),
        target(6001, 'GET /b', ERROR_500, { status: 500 }),
        target(6001, 'GET /c'),
        target(6001, 'GET /d'),
        target(6002, 'GET /e', HANG),
        target(6003, 'GET /f'),
      ),
    ).toEqual([
      'users → 127.0.0.1:6001: GET /a, GET /b fail with status 500: 2 of 4 targets',
      'users → 127.0.0.1:6002: GET /e fails with a timeout',
    ]);
  });

  it('says what failed, not the status of an answer that broke off', () => {
    const broken: HttpFailure = { kind: 'reset', phase: 'transfer', text: 'reset after 12 bytes' };
    expect(named(target(6001, 'GET /a', broken, { status: 200 }), target(6001, 'GET /b', HANG))).toEqual([
      'users → 127.0.0.1:6001: GET /a, GET /b fail with a reset connection and a timeout: 2 of 2 targets',
    ]);
  });

  it('sends who meets a bad certificate to the certificate, not to a log', () => {
    const world = target(6001, 'GET /a', TLS);
    const looks = watch(20, (t) => (t % 2 === 0 ? world : {}), [httpErrors.mode]);
    const [found] = looks.at(-1)?.findings ?? [];
    expect(found?.title).toBe('GET /a fails with a TLS error');
    expect(found?.fix[0]?.command).toContain('openssl s_client -connect 127.0.0.1:6001');
  });
});
