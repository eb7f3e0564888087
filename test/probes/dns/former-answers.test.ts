import { expect, it } from 'vitest';
import { FormerAnswers } from '../../../source/probes/dns/former-answers.js';
import type { DnsNameSample, DnsStep } from '../../../source/probes/samples.js';

const step = (qtype: 'A' | 'AAAA', addresses: readonly string[]): DnsStep => ({
  ...{ qname: 'shop.test', qtype, ms: 1, addresses },
  outcome: addresses.length > 0 ? 'NOERROR' : 'timeout',
});
const sample = (v4: readonly string[], v6: readonly string[] = []): DnsNameSample => ({
  ...{ name: 'shop.test', resolver: '10.0.0.53:53', patienceMs: 2_000, resolved: true, totalMs: 1, late: [] },
  steps: [step('A', v4), step('AAAA', v6)],
});

/** What is former after these looks, 5 s apart. */
function after(...looks: readonly DnsNameSample[]): string[] {
  const former = new FormerAnswers();
  for (const [i, look] of looks.entries()) former.take([look], 5_000 * i, 1_000_000 + 5_000 * i);
  return former.of('shop.test', 5_000 * (looks.length - 1)).map(({ address }) => address);
}
const [old, moved] = ['10.0.0.2', '10.0.0.3'];

it('what a name gave and has left out twice is former, with when it was given last', () => {
  expect(after(sample([old]), sample([moved]))).toEqual([]);
  expect(after(sample([old]), sample([moved]), sample([moved]))).toEqual([old]);
  const former = new FormerAnswers();
  for (const [i, address] of [old, moved, moved].entries()) former.take([sample([address])], i, 100 + i);
  expect(former.of('shop.test', 3)).toEqual([{ address: old, at: 100 }]);
  expect(former.of('other.test', 3)).toEqual([]);
  expect(former.isMoving('shop.test')).toBe(false);
  former.take([sample([old])], 4, 104);
  former.take([sample([moved])], 5, 105);
  // It came again, so that it gives them in turn.
  expect(former.isMoving('shop.test')).toBe(false);
});

it('a name whose last answer left an address out is on the move until the next', () => {
  const former = new FormerAnswers();
  former.take([sample([old])], 0, 0);
  expect(former.isMoving('shop.test')).toBe(false);
  former.take([sample([moved])], 1, 1);
  expect(former.isMoving('shop.test')).toBe(true);
  expect(former.isMoving('other.test')).toBe(false);
});

it('a question that was not answered says nothing of what it gave', () => {
  const whole = sample([old], ['fd00::2']);
  expect(after(whole, sample([old]), sample([old]), sample([old]))).toEqual([]);
  expect(after(whole, sample([]), sample([]), sample([]))).toEqual([]);
});

it('a name that gives its addresses in turn has let none go for a minute', () => {
  const turns = [old, moved, old, moved, moved, moved, moved].map((address) => sample([address]));
  expect(after(...turns)).toEqual([]);
  expect(after(...turns, ...Array.from({ length: 12 }, () => sample([moved])))).toEqual([old]);
});

it('several servers that answer the same look count together, and names and addresses are bounded', () => {
  const former = new FormerAnswers();
  for (let i = 0; i < 4; i++)
    former.take([sample([old]), { ...sample([moved]), resolver: '10.0.0.54:53' }], i, i);
  expect(former.of('shop.test', 4)).toEqual([]);
  for (let i = 0; i < 1_000; i++) former.take([sample([`10.1.${i >> 8}.${i & 255}`])], 10 + i, 10 + i);
  expect(former.of('shop.test', 1_010).length).toBeLessThanOrEqual(16);
  for (let i = 0; i < 1_000; i++) former.take([{ ...sample([old]), name: `n${i}` }], i, i);
  expect(former.of('shop.test', 1_010)).toEqual([]);
});
