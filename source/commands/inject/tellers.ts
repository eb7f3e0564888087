import type { ActiveFault, EffectVerdict, RollbackVerdict } from '../../faults/fault-verdict.js';
import { writtenPlan } from '../../faults/plan/written-plan.js';
import { sanitise } from '../../terminal/sanitise.js';
import type { CommandIo } from '../command.js';

/** Says how one injection goes. */
export interface Teller {
  progress(text: string): void;
  injected(active: ActiveFault, forMs: number): void;
  holding(what: string, leftMs: number): void;
  ended(verdict: RollbackVerdict, effect: EffectVerdict | null, passed: boolean): void;
  failed(why: string): void;
}

const MOST = 1000;

export function textTeller(io: CommandIo): Teller {
  return {
    progress: (text) => io.progress(sanitise(text)),
    injected({ plan, effect, expiresAt }, forMs) {
      const instead = plan.insteadOf === null ? '' : ` (${plan.insteadOf})`;
      const latest = new Date(expiresAt).toLocaleTimeString('en-GB');
      io.print(
        [
          plan.what,
          `  by      ${plan.means}${instead}`,
          `  effect  ${effect ? `${effect.verdict}: ${effect.signal}` : 'not looked at'}`,
          `  ends    after ${Math.round(forMs / 1000)} s, or now with Ctrl-C; by itself (${plan.ending}) at ${latest}, if this program is killed`,
        ]
          .map((line) => sanitise(line, MOST))
          .map((line, at) => (at === 0 ? line : `  ${line}`))
          .join('\n'),
      );
    },
    holding: (what, leftMs) =>
      io.progress(sanitise(`${what}: ${Math.ceil(leftMs / 1000)} s left, Ctrl-C ends it now`)),
    ended({ clean, detail, residue }) {
      const how = clean ? `clean: ${detail}, nothing differs from before` : `NOT CLEAN: ${detail}`;
      io.print(
        [`  ${sanitise(how, MOST)}`, ...residue.map((line) => `    left: ${sanitise(line, MOST)}`)].join(
          '\n',
        ),
      );
      if (!clean) io.say('faultline: try faultline undo; what is left stands in the journal');
    },
    failed: (why) => io.say(`faultline: ${sanitise(why, MOST)}`),
  };
}

/** NDJSON: progress, `injected` with the plan and the effect check (as `bite`), and a last line with the result. */
export function jsonTeller(io: CommandIo): Teller {
  const tell = (event: object): void => io.json({ t: Date.now(), ...event });
  return {
    progress: (text) => tell({ phase: 'progress', text }),
    injected: ({ plan, effect, expiresAt }, forMs) =>
      tell({ phase: 'injected', plan: writtenPlan(plan), bite: effect, forMs, expiresAt }),
    holding: () => {},
    ended: ({ id, what, clean, detail, residue }, effect, passed) =>
      tell({ result: passed ? 'passed' : 'failed', id, what, bite: effect, clean, detail, residue }),
    failed: (reason) => tell({ result: 'failed', reason }),
  };
}
