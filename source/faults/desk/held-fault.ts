import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AgentState,
  agentRuns,
  agentWants,
  parseAgentState,
  renewAgent,
} from '../agent/agent-container.js';
import { createToolboxContainer, type ToolboxContainer } from '../agent/toolbox.js';
import type { FaultPlan, Snapshot } from '../fault-plan.js';
import { type FaultKind, FaultRefused } from '../fault-spec.js';
import type { EffectVerdict, RollbackVerdict } from '../fault-verdict.js';
import type { Daemon } from './daemon.js';
import * as journal from './journal.js';
import { heldText, holderOf } from './other-faults.js';
import { rollBack } from './roll-back.js';

/** Milliseconds until an agent must have caused its fault: two calls to a busy daemon. */
const APPLY_MS = 100_000;
/** Milliseconds between two looks at a fault agent that can no longer be listened to. */
const LOOK_MS = 1_000;

/** A fault that is written down, and not caused yet. */
export interface RecordedFault {
  readonly plan: FaultPlan;
  /** The target before. */
  readonly snapshot: Snapshot;
  /** Kinds of the other faults that were on the target then. */
  readonly beside: readonly FaultKind[];
  /** Its entry in the journal. */
  readonly entry: string;
}

export interface HeldOptions extends RecordedFault {
  readonly daemon: () => Promise<Daemon>;
  readonly onSettled: (verdict: RollbackVerdict) => void;
}

/** One fault in the journal, from its fault agent's start to its end. */
export class HeldFault {
  readonly plan: FaultPlan;
  readonly since = Date.now();
  effect: EffectVerdict | null = null;
  expiresAt: number;
  readonly #options: HeldOptions;
  #heard: (state: AgentState) => void = () => {};
  #renewing: NodeJS.Timeout | undefined;
  #ending: Promise<RollbackVerdict> | undefined;
  #settled = false;

  constructor(options: HeldOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.expiresAt = Date.now() + options.plan.ttlMs;
  }

  /** Starts its fault agent and waits until the fault is there. Rejects when it is not; the caller then ends it. */
  async begin(signal?: AbortSignal): Promise<void> {
    const { docker, image, socket } = await this.#options.daemon();
    const applied = this.#nextState();
    const agent = await createToolboxContainer(docker, agentWants(this.plan, image, socket), (line) => {
      const state = parseAgentState(line);
      if (state !== null) this.#hear(state);
    });
    const holder = await holderOf(docker, this.plan);
    if (holder !== null) throw new FaultRefused(`${this.plan.target.name}: ${heldText(holder, process.pid)}`);
    signal?.throwIfAborted();
    await agent.start();
    const state = await this.#firstOf(applied, agent, signal);
    if (state.state !== 'applied')
      throw new Error(state.errors[0] ?? `its fault agent says "${state.state}"`);
    this.expiresAt = Date.now() + this.plan.ttlMs;
    void this.#watch(agent);
  }

  /** Starts its time anew, every third of it, for as long as this process lives. */
  keepRenewing(): void {
    this.#renewing = setInterval(() => void this.#renew(), this.plan.ttlMs / 3);
    this.#renewing.unref();
  }

  /** Rolls it back, once; called again after it could not be, it tries again. Never rejects. */
  end(): Promise<RollbackVerdict> {
    this.#ending ??= this.#end().finally(() => {
      if (!this.#settled) this.#ending = undefined;
    });
    return this.#ending;
  }

  async #end(): Promise<RollbackVerdict> {
    clearInterval(this.#renewing);
    const { plan, snapshot, beside, daemon } = this.#options;
    try {
      const verdict = await rollBack({ ...(await daemon()), plan, snapshot, beside });
      if (verdict.clean) {
        journal.close(this.#options.entry);
        this.#settled = true;
        this.#options.onSettled(verdict);
      }
      return verdict;
    } catch (error) {
      const seconds = Math.max(0, Math.ceil((this.expiresAt - Date.now()) / 1_000));
      const detail = `${(error as Error).message}; its fault agent ends it within ${seconds} s, and faultline undo looks after it`;
      return { id: plan.id, what: plan.what, outcome: 'left', clean: false, detail, residue: [] };
    }
  }

  #nextState(): Promise<AgentState> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  #hear(state: AgentState): void {
    if (state.state === 'renewed') this.expiresAt = Date.now() + this.plan.ttlMs;
    this.#heard(state);
  }

  async #firstOf(
    applied: Promise<AgentState>,
    agent: ToolboxContainer,
    signal: AbortSignal | undefined,
  ): Promise<AgentState> {
    const stop = new AbortController();
    const late = sleep(APPLY_MS, undefined, { signal: stop.signal }).then(() => {
      throw new Error(`its fault agent did not cause it within ${APPLY_MS / 1_000} s`);
    });
    const ended = agent.ended.then(({ code, errors }) => {
      const why = errors.trim().split('\n').at(-1) ?? '';
      throw new Error(`its fault agent ended with ${code ?? 'the connection'} before it was caused: ${why}`);
    });
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal });
    });
    for (const promise of [late, ended, aborted]) promise.catch(() => {});
    try {
      // What was said before the end counts.
      return await Promise.race([
        applied,
        aborted,
        late,
        ended.catch(async (error) => {
          const said = await Promise.race([applied, sleep(100)]);
          if (said) return said;
          throw error;
        }),
      ]);
    } finally {
      stop.abort();
    }
  }

  async #renew(): Promise<void> {
    try {
      const { docker } = await this.#options.daemon();
      await renewAgent(docker, this.plan);
    } catch {
      // The next third of its time brings the next try; without any it ends.
    }
  }

  /** When its fault agent has gone, by its time, by a hand or with its daemon, what is left is rolled back. */
  async #watch(agent: ToolboxContainer): Promise<void> {
    await agent.ended;
    while (this.#ending === undefined && !this.#settled) {
      try {
        const { docker } = await this.#options.daemon();
        if (!(await agentRuns(docker, this.plan.id))) {
          await this.end();
          return;
        }
      } catch {
        // The daemon is away: nobody can say now.
      }
      await sleep(LOOK_MS, undefined, { ref: false });
    }
  }
}
