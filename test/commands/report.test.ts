import { describe, expect, it } from 'vitest';
import { failingTargets, tooShortFor, unreadTargets } from '../../source/commands/check/asked.js';
import { toJson, toText } from '../../source/commands/check/report.js';
import { findingsText } from '../../source/commands/text/findings.js';
import type { HttpSample } from '../../source/probes/samples.js';
import type { Latest } from '../../source/store/history.js';
import { cell, inside, lookups, matrix } from '../helpers/inside.js';
import { finding, NOON, report, risk, state } from './states.js';

describe('check as text', () => {
  it('says the finding first, then figures, then what could not be read and what grants it', () => {
    const text = toText(report({ state: state({ findings: [finding()] }) }));
    const order = [
      'CRITICAL  The resolver is saturated and will not heal by itself  (traffic-spike, confirmed 0.94)',
      'todo-app → resolver 127.0.0.1:5353, since ',
      '+ answers take 5.1 s',
      'dns.p95, against 1 s (measured)',
      '? not read',
      'the database: SELECT 1 in 2 ms',
      'now    restart todo-app',
      '$ docker restart todo-app',
      'later  a bulkhead of 40 slots',
      'Signals',
      'HTTP GET /todos',
      '000 in 5.0 s, no first byte after 5.0 s',
      'Could not be read',
      'nf_conntrack is not loaded',
      '$ modprobe nf_conntrack',
      '$ start dockerd',
    ];
    let at = 0;
    for (const part of order) {
      const found = text.indexOf(part, at);
      expect(found, `${part}\nafter\n${text.slice(0, at)}`).toBeGreaterThanOrEqual(at);
      at = found;
    }
  });

  it('folds what a finding explains below it', () => {
    const effect = finding({
      key: 'http-errors@host:here',
      id: 'http-errors',
      title: 'Three targets fail',
      explainedBy: finding().key,
    });
    const text = findingsText([finding(), effect]);
    expect(text.match(/CRITICAL/g)).toHaveLength(1);
    expect(text).toMatch(/Explains\n\s+Three targets fail \(http-errors\)/);
  });

  it('has one sentence for three or more of one mode, a row for each, and the first of them in full', () => {
    const at = (place: string) =>
      finding({
        key: `container-kill@workload:${place}`,
        id: 'container-kill',
        subject: { kind: 'workload', id: place },
        title: `OOM kill in ${place}`,
        target: `container ${place}`,
        verdict: 'likely',
        score: 0.7,
      });
    const places = ['a', 'b', 'c', 'd'];
    const effect = finding({ key: 'x@host:here', id: 'x', title: 'It fails', explainedBy: at('c').key });
    const text = findingsText([...places.map(at), effect]);
    expect(text).toMatch(
      /^CRITICAL {2}OOM kill in 4 containers: a, b, c and 1 more {2}\(container-kill, likely 0\.70\)\n/,
    );
    for (const place of places)
      expect(text).toMatch(
        new RegExp(`^ {2}- OOM kill in ${place} {2}\\(likely 0\\.70\\): container ${place}, since`, 'm'),
      );
    expect(text.match(/Evidence/g)).toHaveLength(1);
    expect(text).toMatch(/Explains\n\s+It fails \(x\)/);
    expect(findingsText(places.slice(0, 2).map(at)).match(/^CRITICAL/gm)).toHaveLength(2);
  });

  it('tells a rule that failed as that, and what cannot be judged by what it lacks', () => {
    const text = toText(
      report({
        state: state({
          failedRules: [{ id: 'latency', reason: 'no such\u001b[2J field' }],
          blindModes: ['packet-loss', 'partition'].map((id) => ({ id, missing: ['inside'] })),
        }),
      }),
    );
    expect(text).toMatch(/Rules that failed, and judge nothing\n {2}rule latency failed: no such field/);
    expect(text).toMatch(/Cannot be judged here\n {2}without inside {2}packet-loss, partition/);
  });

  it('shows an effect by itself when its cause is not there, and what is only pending as that', () => {
    expect(findingsText([finding({ explainedBy: 'gone' })])).toMatch(/^CRITICAL/);
    const pending = findingsText([finding({ state: 'pending' })]);
    expect(pending).toMatch(/^Nothing is wrong/);
    expect(pending).toContain('Suspected: The resolver is saturated');
  });

  it('names a target of which nothing is known', () => {
    const text = toText(
      report({
        asked: { count: 1, failing: [], unread: [{ target: 'http://x/', reason: 'no answer had come' }] },
      }),
    );
    expect(text).toMatch(/nothing is known of it\n\s+http:\/\/x\/\s+no answer had come/);
  });

  it('lets no control character of the outside through', () => {
    const hostile = finding({ title: 'a\u001b[2Jb', target: 'c\u0007d\u009be', explanation: ['e\rf'] });
    const text = toText(report({ state: state({ findings: [hostile] }) }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('check as JSON', () => {
  const json = () => {
    const effect = finding({
      key: 'http-errors@host:here',
      id: 'http-errors',
      state: 'pending',
      explainedBy: finding().key,
    });
    return JSON.parse(JSON.stringify(toJson(report({ state: state({ findings: [finding(), effect] }) }))));
  };

  it('holds exactly the contract', () => {
    const {
      schema,
      host,
      capabilities,
      signals,
      unread,
      findings,
      risks,
      alerts,
      alertRules,
      rules,
      asked,
      ...rest
    } = json();
    expect(rest).toEqual({});
    expect(risks).toEqual({ count: 0, list: [] });
    expect(alertRules).toEqual([]);
    expect(schema).toBe('faultline/check/1');
    expect(host).toMatchObject({ hostname: 'box', at: '2026-03-01T12:00:00.000Z', watchedMs: 10_012 });
    expect(capabilities).toHaveLength(2);
    expect(signals['dns.p95']).toEqual({ value: 1980, at: '2026-03-01T12:00:00.000Z' });
    expect(signals['conntrack.fill'].value).toBeNull();
    expect(unread).toEqual([
      {
        id: 'conntrack',
        title: 'Connection tracking',
        kind: 'not-loaded',
        reason: 'nf_conntrack is not loaded',
        mend: 'modprobe nf_conntrack',
      },
    ]);
    expect(findings).toEqual([
      {
        key: 'traffic-spike@host:here',
        id: 'traffic-spike',
        subject: { kind: 'host', id: 'here' },
        title: 'The resolver is saturated and will not heal by itself',
        severity: 'critical',
        verdict: 'confirmed',
        score: 0.94,
        confidence: 0.94,
        target: 'todo-app → resolver 127.0.0.1:5353',
        explainedBy: null,
        evidence: [
          {
            signal: 'dns.p95',
            value: 'answers take 5.1 s',
            reading: 5100,
            unit: 'ms',
            at: '2026-03-01T12:00:00.000Z',
            threshold: '1 s',
            source: 'measured',
          },
          {
            signal: 'conntrack.fill',
            value: 'not read',
            reading: null,
            unit: '',
            at: null,
            threshold: '75 %',
            source: 'peers',
          },
        ],
        ruledOut: [{ id: 'database-down', because: 'SELECT 1 in 2 ms' }],
        fix: [
          { when: 'now', text: 'restart todo-app', command: 'docker restart todo-app' },
          { when: 'later', text: 'a bulkhead of 40 slots' },
        ],
        review: [],
      },
    ]);
    expect(alerts.map((alert: { state: string }) => alert.state)).toEqual(['firing', 'pending']);
    expect(rules).toEqual({ failed: [], notJudged: [] });
  });

  it('has alerts in the shape of Prometheus', () => {
    expect(json().alerts[0]).toEqual({
      labels: {
        alertname: 'traffic-spike',
        severity: 'critical',
        instance: 'box',
        target: 'todo-app → resolver 127.0.0.1:5353',
      },
      annotations: {
        summary: 'The resolver is saturated and will not heal by itself',
        description: 'queue 256 of 256',
        fix: 'restart todo-app',
      },
      state: 'firing',
      activeAt: new Date(NOON - 33_000).toISOString(),
      value: '9.4e-1',
    });
    expect(json().alerts[1].labels.explained_by).toBe('traffic-spike');
  });
});

describe('targets that were asked for', () => {
  const targets = [
    { name: 'GET /todos', url: 'http://127.0.0.1:8080/todos' },
    { name: 'GET 127.0.0.1:9/', url: 'http://127.0.0.1:9/' },
  ];

  it('fail when their newest run did, with their share of failed runs', () => {
    const sick = state();
    for (const [at, ok] of [1, 0, 0].entries()) sick.series.push('http.ok{GET /todos}', NOON + at, ok);
    expect(failingTargets(targets, sick)).toEqual([
      { target: 'GET /todos', reason: 'failed in 2 of 3 runs: no first byte after 5.0 s' },
    ]);
  });

  it('are never beside "nothing is wrong" while they fail or were not read, however many', () => {
    const many = Array.from({ length: 262 }, (_, at) => ({ target: `GET x/${at}`, reason: 'why' }));
    const failing = toText(report({ asked: { count: 500, failing: many, unread: [] } }));
    expect(failing).toContain('262 of 500 targets fail, and its cause did not show in 10 s');
    expect(failing).toContain('and 242 more, 262 of 500 in all');
    const unread = toText(report({ asked: { count: 500, failing: [], unread: many } }));
    expect(unread).toContain('262 that were asked for could not be judged');
    for (const text of [failing, unread]) expect(text).not.toContain('Nothing is wrong that can be seen');
    const named = toText(
      report({ state: state({ findings: [finding()] }), asked: { count: 500, failing: many, unread: [] } }),
    );
    expect(named).toMatch(/^CRITICAL[\s\S]*Given, and failing: 262 of 500/m);
    expect(named).not.toContain('did not show');
  });

  it('are no failure while their server keeps them waiting and answers another one, for half a minute', () => {
    const both = [...targets, { name: 'GET /', url: 'http://127.0.0.1:8080/' }];
    const { latest } = state();
    const todos = latest.http['GET /todos'] as Latest<HttpSample>;
    const well: HttpSample = { ...todos.sample, target: 'GET /', ok: true, status: 200, failure: null };
    const kept = state({
      latest: { ...latest, http: { ...latest.http, 'GET /': { ...todos, sample: well } } },
    });
    expect(failingTargets(both, kept)).toEqual([]);
    expect(unreadTargets(both, kept, 9_000)[0]).toEqual({
      target: 'GET /todos',
      reason: expect.stringContaining(
        'not answered within 5.0 s, while another target of the same server is: a long poll',
      ),
    });
    kept.series.push('http.ok{GET /todos}', todos.at - 31_000, 0);
    expect(failingTargets(both, kept)).toHaveLength(1);
  });

  it.each([
    [1_000, [], 'nothing was found in 1 s'],
    [2_900, [], 'nothing was found in 2.9 s'],
    [3_100, [], undefined],
    [6_000, [finding({ state: 'pending' })], 'what is suspected below has not lasted long enough in 6 s'],
    [6_000, [finding({ state: 'pending', severity: 'notice' })], undefined],
    [10_100, [finding({ state: 'pending' })], undefined],
  ])('a look of %d ms with %j', (ms, findings, text) => {
    const why = tooShortFor({ findings }, ms);
    if (text === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(text);
  });

  it('are unread until a probe of them has ended', () => {
    const unread = unreadTargets(targets, state(), 2000);
    expect(unread).toEqual([
      { target: 'GET 127.0.0.1:9/', reason: 'no answer had come when 2 s were over: watch longer' },
    ]);
  });
});

describe('containers in a check', () => {
  const at = { at: NOON, stale: false };
  const refused = {
    outcome: 'refused' as const,
    errno: 'ECONNREFUSED',
    meaning: 'the address answers and nobody listens on that port',
  };
  const seen = () => {
    const { latest } = state();
    return report({
      state: state({
        latest: {
          ...latest,
          inside: { api: { ...at, sample: inside('api') } },
          lookups: { api: { ...at, sample: lookups('api') } },
          matrix: { ...at, sample: matrix([cell('api', 'db:5432'), cell('web', 'db:5432', refused)]) },
        },
      }),
    });
  };

  it("are in the JSON: who reaches whom, and each one's network and lookups", () => {
    const { signals } = JSON.parse(JSON.stringify(toJson(seen())));
    expect(signals.matrix).toMatchObject({ at: '2026-03-01T12:00:00.000Z', stale: false });
    expect(signals.matrix.cells[1]).toMatchObject({
      source: 'web',
      target: 'db:5432',
      errno: 'ECONNREFUSED',
    });
    expect(signals.inside.api).toMatchObject({ means: { by: 'setns' }, resolver: { ndots: 0 } });
    expect(signals.lookups.api.names[0]).toMatchObject({ resolved: true });
  });

  it('are in the text, what does not connect one by one', () => {
    const text = toText(seen());
    expect(text).toMatch(/matrix +1 of 2 connect/);
    expect(text).toMatch(/web → db:5432 +refused \(ECONNREFUSED after 0.3 ms\): the address answers/);
    expect(text).toMatch(/inside api +ESTAB 2 {2}SYN-SENT \? .*1 names resolve \(setns\)/);
  });
});

describe('latent risks', () => {
  const some = ['a', 'b', 'c'].map((name) => risk(name));
  const withRisks = report({ state: state({ risks: some }) });

  it('stand apart, below all else, many of one kind in one row', () => {
    const text = toText(withRisks);
    expect(text.indexOf('Could not be read')).toBeLessThan(text.indexOf('Latent risks'));
    const [, listed = ''] = text.split(/^Latent risks: 3 .*$/m);
    expect(listed).toMatch(/^ {2}\. No health check in 3 containers: a, b and c {2}\(no-health-check\)$/m);
    expect(listed).toMatch(/it serves port 80/);
    expect(listed).toMatch(/mend {3}a check of its own/);
  });

  it('are counted in JSON, each with its evidence and its line, and are no finding and no alert', () => {
    const { risks, findings, alerts } = JSON.parse(JSON.stringify(toJson(withRisks)));
    expect(risks.count).toBe(3);
    expect(risks.list[0]).toEqual({
      key: 'no-health-check@workload:a',
      id: 'no-health-check',
      subject: { kind: 'workload', id: 'a' },
      title: 'No health check on a',
      severity: 'notice',
      evidence: [
        {
          signal: 'service.up{a}',
          value: 'it serves port 80',
          reading: null,
          unit: '',
          at: '2026-03-01T12:00:00.000Z',
          threshold: 'a check',
          source: 'Docker',
        },
      ],
      fix: [{ when: 'later', text: 'a check of its own', command: 'docker inspect a' }],
    });
    expect([findings, alerts]).toEqual([[], []]);
  });

  it('are left out by their switch, with their count', () => {
    expect(toText(withRisks, { noRisks: true })).not.toMatch(/latent/i);
    expect(toJson(withRisks, { noRisks: true })).not.toHaveProperty('risks');
  });
});

it('the questions of a review stand below the finding that they are asked of, as text and as JSON', () => {
  const answer = {
    id: 'pool',
    question: 'Did the pool saturate?',
    answer: 'no' as const,
    because: '6 of 97',
  };
  const reviewed = report({
    state: state({ findings: [finding()], reviews: { [finding().key]: [answer] } }),
  });
  expect(toText(reviewed)).toMatch(/^ {2}Review\n {4}Did the pool saturate\? No: 6 of 97$/m);
  expect(toJson(reviewed).findings[0]?.review).toEqual([answer]);
});
