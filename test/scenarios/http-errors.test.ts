import { describe, expect, it } from 'vitest';
import { httpErrors } from '../../scenarios/http-errors/index.js';
import type { HttpFailure, HttpSample } from '../../source/probes/samples.js';
import { watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { dns, ERROR_500, everyTarget, HANG, http } from '../helpers/samples.js';
import { seededRandom } from '../linux/seeded-random.js';

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

describe('requests that fail now and then', () => {
  const flaps = (bad: (t: number) => boolean) =>
    run(60, (t) => ({
      ...everyTarget(),
      ...(bad(t) ? { 'http:GET /': http('GET /', ERROR_500, 500) } : {}),
    }));
  const last = (looks: ReturnType<typeof flaps>) => firing(looks, 'http-errors').at(-1)?.finding;

  it.each([
    [
      'every third',
      (t: number) => t % 3 === 0,
      /^GET \/ fails in 20 of 60 requests, with status 500: 1 of 3 targets$/,
    ],
    ['every tenth', (t: number) => t % 10 === 0, /^GET \/ fails in 6 of 60 requests, with status 500/],
    [
      'two in a row, again and again',
      (t: number) => t % 12 < 2,
      /^GET \/ fails in \d+ of 60 requests, with status 500/,
    ],
  ])('%s are a share in its title and its evidence', (_, bad, title) => {
    const found = last(flaps(bad));
    expect(found?.title).toMatch(title);
    expect(found?.severity).toBe('warning');
    expect(found?.evidence[0]?.value).toMatch(/of 60 requests failed in .*%\), status 500$/);
  });

  it('a third of them is named within ten looks', () => {
    expect(
      firing(
        flaps((t) => t % 3 === 0),
        'http-errors',
      )[0]?.t,
    ).toBeLessThanOrEqual(13);
  });

  it.each([
    ['one outage of ten seconds', (t: number) => t > 20 && t <= 30],
    ['two single ones', (t: number) => t === 10 || t === 40],
    ['one in fifty', (t: number) => t % 25 === 0],
    ['a restart behind a balancer: two, with a good one between', (t: number) => t === 20 || t === 22],
  ])('%s are no share of requests', (_, bad) => {
    const shares = firing(flaps(bad), 'http-errors').filter(({ finding }) => finding.title.includes(' in '));
    expect(shares).toEqual([]);
  });

  it('half of them are named once, whichever came last, also while lookups are slow', () => {
    const looks = run(60, (t) => ({
      ...everyTarget(),
      dns: dns({ outcome: 'timeout', ms: 2000 }),
      ...(t % 2 ? { 'http:GET /': http('GET /', ERROR_500, 502) } : {}),
    }));
    const states = looks.map(({ findings }) => findings.find(({ id }) => id === 'http-errors')?.state);
    const first = states.indexOf('firing');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(12);
    expect(new Set(states.slice(first))).toEqual(new Set(['firing']));
  });

  it('are over when none has failed for a while', () => {
    const looks = run(120, (t) => ({
      ...everyTarget(),
      ...(t < 40 && t % 4 === 0 ? { 'http:GET /': http('GET /', ERROR_500, 500) } : {}),
    }));
    expect(firing(looks, 'http-errors').length).toBeGreaterThan(10);
    expect(looks.at(-1)?.findings).toEqual([]);
  });

  it.each([0.04, 0.05, 0.06, 0.08])('a share of %f is not said and taken back by turns', (share) => {
    let [raised, gone] = [0, 0];
    for (const seed of [1, 2, 3]) {
      const random = seededRandom(seed);
      const looks = watch(
        1_200,
        (t) =>
          t % 2 ? {} : { 'http:GET /': random() < share ? http('GET /', ERROR_500, 500) : http('GET /') },
        [httpErrors.mode],
      );
      const told = looks.map(({ findings }) => findings.some(({ state }) => state === 'firing'));
      raised += told.filter((is, i) => is && !told[i - 1]).length;
      gone += told.filter((is, i) => !is && told[i - 1]).length;
    }
    // An hour of requests in all, at random: gaps of more than two minutes are among them.
    expect(raised).toBeLessThanOrEqual(10);
    expect(gone).toBeLessThanOrEqual(10);
  });

  it.each([
    ['a third', 3, 40],
    ['a tenth', 10, 130],
    ['one in twelve', 12, 150],
  ])('%s is over after as many good requests as say so', (_, every, most) => {
    const sick = http('GET /', ERROR_500, 500);
    const looks = watch(
      500,
      (t) => (t % 2 ? {} : { 'http:GET /': t < 300 && (t / 2) % every === 0 ? sick : http('GET /') }),
      [httpErrors.mode],
    );
    const last = looks.findLastIndex(({ findings }) => findings.some(({ state }) => state === 'firing'));
    expect(last).toBeGreaterThan(300);
    expect(last).toBeLessThan(300 + most);
    const severityAt = (t: number) => looks[t]?.findings[0]?.severity;
    expect(severityAt(299)).toBe('warning');
    // Nobody is to be woken by what may be over.
    for (let t = 325; t <= last; t++) expect(severityAt(t)).toBe('notice');
  });

  it('a request that is waited for is counted once', () => {
    const looks = run(60, (t) => {
      const late = t % 20 > 1 && t % 20 < 12;
      const sick = { ...http('GET /', HANG), ...(late ? { late: true as const } : {}) };
      return { ...everyTarget(), ...(t % 20 > 0 && t % 20 < 12 ? { 'http:GET /': sick } : {}) };
    });
    expect(looks.flatMap(({ findings }) => findings.map(({ title }) => title)).join()).not.toMatch(
      /fails in [1-9]\d/,
    );
  });
});

describe('a target that is not answered while another one of its server is', () => {
  const longPoll = (seconds: number) =>
    run(seconds, (t) =>
      t < 5
        ? { 'http:GET /': http('GET /') }
        : {
            'http:GET /': http('GET /'),
            'http:GET /todos': { ...http('GET /todos', HANG), totalMs: t * 1000 },
          },
    );

  it('is a notice for half a minute, and says what is seen', () => {
    expect(firing(longPoll(12), 'http-errors')).toEqual([]);
    const [found] = longPoll(25).at(-1)?.findings ?? [];
    expect(found).toMatchObject({ id: 'http-errors', severity: 'notice', state: 'firing' });
    expect(found?.title).toMatch(
      /^GET \/todos is not answered within 25\.0 s, while GET \/ of the same address is/,
    );
  });

  it('is a warning after it', () => {
    expect(firing(longPoll(60), 'http-errors').at(-1)?.finding.severity).toBe('warning');
  });
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
      'clients → 127.0.0.1:6001: GET /a, GET /b fail with status 500: 2 of 4 targets',
      'clients → 127.0.0.1:6002: GET /e fails with a timeout',
    ]);
  });

  it('says what failed, not the status of an answer that broke off', () => {
    const broken: HttpFailure = { kind: 'reset', phase: 'transfer', text: 'reset after 12 bytes' };
    expect(named(target(6001, 'GET /a', broken, { status: 200 }), target(6001, 'GET /b', HANG))).toEqual([
      'clients → 127.0.0.1:6001: GET /a, GET /b fail with a reset connection and a timeout: 2 of 2 targets',
    ]);
  });

  it.each([
    ['dns', 'a lookup that is not answered'],
    ['connect', 'a connection that is not answered'],
    ['tls', 'a TLS handshake that does not end'],
    ['firstByte', 'a timeout'],
    ['transfer', 'an answer that stops'],
  ] as const)('says in which phase it waits: %s', (phase, how) => {
    expect(named(target(6001, 'GET /a', { kind: 'timeout', phase, text: 'no end' }))).toEqual([
      `clients → 127.0.0.1:6001: GET /a fails with ${how}`,
    ]);
  });

  it('says what is wrong with a certificate or a proxy', () => {
    const short = 'a certificate that expired yesterday';
    const proxy = 'a proxy that wants a login';
    expect(
      named(
        target(6001, 'GET /a', { kind: 'tls', phase: 'tls', text: `${short}, at noon`, short }),
        target(6002, 'GET /b', {
          kind: 'proxy',
          phase: 'connect',
          text: 'proxy x:1 wants a login (407)',
          short: proxy,
        }),
      ),
    ).toEqual([
      `clients → 127.0.0.1:6001: GET /a fails with ${short}`,
      `clients → 127.0.0.1:6002: GET /b fails with ${proxy}`,
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
