import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import type { DnsOutcome, HttpFailureKind, HttpPhase } from '../../source/probes/samples.js';
import { HistoryBuilder, type World } from '../helpers/history.js';
import * as samples from '../helpers/samples.js';

/** A small seeded generator (mulberry32): the same seed gives the same histories for ever. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const OUTCOMES: readonly DnsOutcome[] = ['NOERROR', 'NODATA', 'NXDOMAIN', 'SERVFAIL', 'timeout', 'refused'];
const KINDS: readonly HttpFailureKind[] = [
  'refused',
  'reset',
  'timeout',
  'no-name',
  'unreachable',
  'tls',
  'status',
];
const PHASES: readonly HttpPhase[] = ['dns', 'connect', 'tls', 'firstByte', 'transfer'];
const ODD = [0, -1, 1e12, Number.NaN, Number.POSITIVE_INFINITY];

/** Any second that probes could see, and some that they should not. */
function anySecond(next: () => number): World {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const number = (max: number) => (next() < 0.1 ? pick(ODD) : next() * max);
  const maybe = (world: () => World): World => (next() < 0.5 ? world() : {});
  const failure = () => ({ kind: pick(KINDS), phase: pick(PHASES), text: 'some text' });
  return {
    ...maybe(() => samples.everyTarget(next() < 0.5 ? failure() : undefined, next() < 0.3 ? 500 : null)),
    ...maybe(() => ({
      dns: samples.dns({
        outcome: pick(OUTCOMES),
        ms: number(5000),
        late: next() < 0.3 ? [number(9000)] : [],
        lateOutcome: pick(OUTCOMES),
        name: pick([samples.NAME, 'x', '']),
      }),
    })),
    ...maybe(() => ({
      dns: samples.nameservers(
        ...Array.from({ length: Math.floor(next() * 4) }, () => ({
          outcome: pick(OUTCOMES),
          ms: number(5000),
          late: next() < 0.3 ? [number(9000)] : [],
        })),
      ),
    })),
    ...maybe(() => ({
      postgres: pick([
        samples.postgres({ connections: number(120), maxConnections: number(100) }),
        samples.POSTGRES_GONE,
        samples.POSTGRES_FULL,
      ]),
    })),
    ...maybe(() => ({
      services: samples.services({
        [pick(['shop', 'names', 'store'])]: pick([samples.KILLED, samples.FROZEN]),
      }),
    })),
    ...maybe(() => ({
      sockets: samples.sockets({ askers: number(200), queued: number(600), closeWait: number(2000) }),
    })),
    ...maybe(() => ({
      kernel: samples.kernel({ 'Tcp.PassiveOpens': number(1e6), 'TcpExt.ListenOverflows': number(1e4) }),
    })),
    ...maybe(() => ({ conntrack: samples.conntrack(number(1.2), number(1e4)) })),
    ...maybe(() => ({ logs: samples.logs(pick(['name-resolution-temporary', 'connection-refused']), 'x') })),
  };
}

it('judges any history without throwing, within bounds, and names nothing twice', () => {
  const modes = allModes();
  let judged = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed);
    const builder = new HistoryBuilder();
    let state = NO_DIAGNOSIS;
    for (let t = 0; t < 40; t++) {
      const history = builder.second(anySecond(next));
      const result = diagnose(history, modes, state);
      // The engine forgives a rule that throws; here none may.
      expect(result.failed).toEqual([]);
      for (const mode of modes) mode.clears(history);
      expect(diagnose(history, modes, state)).toEqual(result);
      state = result.state;
      const keys = result.findings.map((finding) => finding.key);
      expect(new Set(keys).size).toBe(keys.length);
      // What is left over is kept in mind before it is told.
      const waiting = Object.entries(state.active).filter(
        ([key, { id, phase }]) => id === 'unexplained' && phase === 'pending' && !keys.includes(key),
      );
      expect(Object.keys(state.active).sort()).toEqual([...keys, ...waiting.map(([key]) => key)].sort());
      for (const finding of result.findings) {
        judged++;
        expect(finding.confidence).toBeGreaterThanOrEqual(0.05);
        expect(finding.confidence).toBeLessThanOrEqual(0.99);
        expect(finding.since).toBeLessThanOrEqual(history.now);
        expect(finding.title).not.toMatch(/undefined|NaN|null/);
        expect(finding.target).not.toMatch(/undefined|NaN|null/);
        if (finding.explainedBy)
          expect(keys.indexOf(finding.explainedBy)).toBeLessThan(keys.indexOf(finding.key));
      }
    }
  }
  expect(judged).toBeGreaterThan(1000);
});
