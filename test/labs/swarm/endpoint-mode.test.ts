import { expect, it } from 'vitest';
import type { Answer } from '../../../source/labs/swarm/lab/client.js';
import { judgeEndpoint } from '../../../source/labs/swarm/lab/endpoint-mode.js';
import { loadFigures } from '../../../source/labs/swarm/watch/figures.js';

const answer = (error: string | null, ms = 3, by = 'a'): Answer => ({
  at: 0,
  path: '/',
  ok: error === null,
  ms,
  by: error === null ? by : null,
  error,
});
const good = [answer(null), answer(null)];
const bad = [
  answer('OSError: [Errno 113] No route to host'),
  answer('OSError: [Errno 113] No route to host'),
];

it('takes the virtual IP where it answers', () => {
  expect(judgeEndpoint(good, good)).toMatchObject({ mode: 'vip' });
});

it("takes the tasks' own addresses where only these answer, and says what was tried", () => {
  expect(judgeEndpoint(bad, good)).toEqual({
    mode: 'dnsrr',
    because: expect.stringMatching(
      /0 of 2 requests to the virtual IP .*No route to host.* 2 of 2 requests .*IPVS/,
    ),
  });
});

it('blames no missing IPVS when nothing answers', () => {
  expect(() => judgeEndpoint(bad, bad)).toThrow(/neither.*No route to host/);
  expect(() => judgeEndpoint([], [])).toThrow(/no answer/);
});

it('adds up how customers fared', () => {
  const answers = [answer(null, 10), answer(null, 20, 'b'), answer(null, 30), ...bad];
  expect(loadFigures(answers)).toEqual({
    sent: 5,
    failed: 2,
    p50: 20,
    p95: 30,
    replicas: 2,
    errors: [{ text: 'OSError: [Errno 113] No route to host', count: 2 }],
  });
  expect(loadFigures([])).toMatchObject({ sent: 0, failed: 0, p50: null, replicas: 0 });
});
