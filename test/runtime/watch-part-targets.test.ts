import { expect, it } from 'vitest';
import type { Probe } from '../../source/probes/probe.js';
import type { ProbeSession } from '../../source/probes/session.js';
import { type HttpTarget, WATCH_NOTHING_MORE } from '../../source/probes/watch-settings.js';
import { watchPartTargets } from '../../source/runtime/watch-part-targets.js';
import { Intake } from '../../source/store/intake/intake.js';
import { HandClock } from '../helpers/hand-clock.js';
import { http } from '../helpers/samples.js';

const PAYMENTS: HttpTarget = { name: 'GET payments', url: 'https://127.0.0.1:8443/' };
const own: HttpTarget = { name: 'GET /', url: 'http://127.0.0.1:80/' };

it('probes what parts offer beside its own targets, each once and for as long as it is offered', async () => {
  const clock = new HandClock();
  let offered: readonly HttpTarget[] = [];
  const added: string[] = [];
  const dropped: string[] = [];
  const stop = watchPartTargets({
    lab: { parts: { targets: () => offered } },
    session: { settings: { ...WATCH_NOTHING_MORE, targets: [own] }, clock } as unknown as ProbeSession,
    add: ({ id }: Probe<unknown>) => void added.push(id),
    drop: (id) => void dropped.push(id),
  });
  await clock.pass(2_000);
  expect(added).toEqual([]);
  offered = [PAYMENTS];
  await clock.pass(2_000);
  expect(added).toEqual(['http:GET payments']);
  // Brought anew at another port between two looks.
  offered = [{ ...PAYMENTS, url: 'https://127.0.0.1:9443/' }];
  await clock.pass(1_000);
  expect([added.length, dropped]).toEqual([2, ['http:GET payments']]);
  offered = [];
  await clock.pass(1_000);
  expect(dropped).toEqual(['http:GET payments', 'http:GET payments']);
  stop();
  offered = [PAYMENTS];
  await clock.pass(5_000);
  expect(added).toHaveLength(2);
});

it('leaves nothing of one that is gone: neither its last answer nor its series speak of now', () => {
  const intake = new Intake();
  for (const target of ['GET /', 'GET payments'])
    intake.take({ ok: true, id: `http:${target}`, at: 1_000, tookMs: 1, sample: http(target) });
  intake.forget('http:GET payments');
  const history = intake.tick(2_000);
  expect(Object.keys(history.latest.http)).toEqual(['GET /']);
  expect(history.signals().filter((name) => name.includes('payments'))).toEqual([]);
  expect(history.signals()).toContain('http.ok{GET /}');
});
