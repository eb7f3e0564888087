import { randomBytes } from 'node:crypto';
import type { ContainerInspectInfo } from 'dockerode';
import { keeperName, keepersOn } from '../agent/agent-container.js';
import type { FaultPlan, Sighting } from '../fault-plan.js';
import type { FaultKind, FaultSpec } from '../fault-spec.js';
import { planner as plansOfDocker } from '../kinds/planner.js';
import type { Planner } from '../kinds/planner-type.js';
import { readSight } from '../observe/observe-target.js';
import { assertAllowed, inspectTarget } from '../observe/target.js';
import { kindsBeside } from './beside.js';
import { type Daemon, type DaemonSource, daemonNow } from './daemon.js';
import type { ActiveFault, FaultDesk, InjectOptions, UndoVerdict } from './fault-desk.js';
import { HeldFault } from './held-fault.js';
import * as journal from './journal.js';
import { assertNothingInTheWay, heldText } from './other-faults.js';
import { hasLeftovers, settleLeftovers } from './undo-container.js';

/** Milliseconds until a fault ends by itself where nobody says otherwise. */
export const DEFAULT_TTL_MS = 120_000;

export interface FaultDeskOptions {
  readonly engine: DaemonSource;
  /** Absent: the product's own. */
  readonly planner?: Planner;
  /** Tag of a toolbox image that is there; absent: the product's, built when it is not. */
  readonly image?: string;
}

/**
 * Causes faults in the containers of one daemon. First it takes back what a dead console left there. Until it is
 * closed SIGUSR2 takes everything back: that is how `faultline undo` asks a console that lives.
 */
export function createFaultDesk(options: FaultDeskOptions): FaultDesk {
  const { engine, planner = plansOfDocker } = options;
  const held = new Map<string, HeldFault>();
  const settled = new Map<string, UndoVerdict>();
  const underWay = new Set<Promise<unknown>>();
  const closing = new AbortController();

  const daemon = (tell?: InjectOptions): Promise<Daemon> =>
    daemonNow(engine, options.image, tell?.progress, tell?.signal);

  let leftovers: Promise<unknown> | undefined;
  /** What dead consoles left here is taken back once, before anything new is caused. */
  const settle = (on: () => Promise<Daemon>): Promise<unknown> => {
    leftovers ??= on()
      .then(settleLeftovers)
      .catch(() => {});
    return leftovers;
  };

  const planOn = async (
    on: Daemon,
    spec: FaultSpec,
    ask: Pick<InjectOptions, 'ttlMs' | 'confirmed' | 'signal'>,
  ): Promise<{ plan: FaultPlan; info: ContainerInspectInfo }> => {
    const { docker, image } = on;
    const info = await inspectTarget(docker, spec.target);
    if (info === null) throw new Error(`there is no container "${spec.target.slice(0, 200)}"`);
    assertAllowed(info, ask.confirmed ?? false);
    const id = `f${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
    const ttlMs = ask.ttlMs ?? DEFAULT_TTL_MS;
    const { signal } = ask;
    const plan = await planner.plan(spec, { docker, image, id, ttlMs, ...(signal ? { signal } : {}) });
    return { plan, info };
  };

  const inject = async (spec: FaultSpec, asked: InjectOptions): Promise<ActiveFault> => {
    const signal = AbortSignal.any([closing.signal, ...(asked.signal ? [asked.signal] : [])]);
    const ask = { ...asked, signal };
    const tell = (text: string): void => asked.progress?.(text);
    const on = await daemon(ask);
    await settle(async () => on);
    tell(`${spec.target}: reading its state`);
    const { plan, info } = await planOn(on, spec, ask);
    const { name } = plan.target;
    const same = (await keepersOn(on.docker, plan.target.id)).find(({ kind }) => kind === spec.kind);
    if (same !== undefined) throw new Error(`${name}: ${heldText(same, process.pid)}`);
    const beside = (): Promise<readonly FaultKind[]> => kindsBeside(on.docker, plan.target.id, plan.id);
    // What comes or goes while it is looked at is on one of the two lists.
    const first = await beside();
    const before = await readSight(on.docker, on.image, info, plan.readings);
    const kinds = new Set([...first, ...(await beside())]);
    assertSteady(plan, info, before.network);
    assertNothingInTheWay(plan, before.snapshot);
    signal.throwIfAborted();
    const fault = hold({ ...plan, target: { ...plan.target, network: before.network } }, asked, on, {
      before,
      beside: [...kinds],
    });
    try {
      tell(`${plan.what}: causing it (${plan.means})`);
      await fault.begin(signal);
      if (asked.renew ?? true) fault.keepRenewing();
      tell(`${plan.what}: looking whether it bites`);
      fault.bite = await biteOf(on, fault.plan, before);
      signal.throwIfAborted();
    } catch (error) {
      tell(`${plan.what}: not caused; taking back what was done`);
      const verdict = await fault.end();
      const left = verdict.clean ? 'nothing of it is left' : [verdict.detail, ...verdict.residue].join('; ');
      throw new Error(`${plan.what}: could not be caused: ${(error as Error).message} (${left})`, {
        cause: error,
      });
    }
    return shown(fault);
  };

  /** Writes a fault down, durably, and holds it; nothing of it is there yet. */
  const hold = (
    plan: FaultPlan,
    asked: InjectOptions,
    on: Daemon,
    seen: { readonly before: Sighting; readonly beside: readonly FaultKind[] },
  ): HeldFault => {
    const { before, beside } = seen;
    const entry = journal.record({
      scenario: asked.scenario,
      substrate: 'docker',
      target: { lab: on.endpoint, workload: plan.target.name, process: null },
      what: plan.what,
      undo: [
        {
          kind: 'docker',
          endpoint: on.endpoint,
          plan,
          snapshot: { ...before.snapshot },
          beside: [...beside],
          keeper: keeperName(plan.id),
          image: on.image,
          expiresAt: Date.now() + plan.ttlMs,
        },
      ],
    });
    const fault = new HeldFault({
      daemon: () => daemon(),
      plan,
      snapshot: before.snapshot,
      beside,
      entry: entry.id,
      onSettled: (verdict) => {
        settled.set(plan.id, verdict);
        held.delete(plan.id);
      },
    });
    held.set(plan.id, fault);
    return fault;
  };

  const biteOf = async (on: Daemon, plan: FaultPlan, before: Sighting) => {
    const info = await inspectTarget(on.docker, plan.target.id);
    if (info === null)
      return { verdict: 'Inconclusive', signal: 'its container has gone meanwhile' } as const;
    return planner.biteOf(plan, before, await readSight(on.docker, on.image, info, plan.readings));
  };

  const undo = async (id: string): Promise<UndoVerdict> => {
    const fault = held.get(id);
    if (fault !== undefined) return fault.end();
    const detail = 'no fault of this console has that id';
    return settled.get(id) ?? { id, what: id, clean: false, detail, residue: [] };
  };

  /** On one target newest first, on several at once. */
  const undoAll = async (): Promise<readonly UndoVerdict[]> => {
    const newestFirst = [...held.values()].reverse();
    const targets = [...new Set(newestFirst.map(({ plan }) => plan.target.id))];
    const verdicts = new Map<string, UndoVerdict>();
    await Promise.all(
      targets.map(async (target) => {
        for (const fault of newestFirst.filter(({ plan }) => plan.target.id === target))
          verdicts.set(fault.plan.id, await fault.end());
      }),
    );
    return newestFirst.flatMap(({ plan }) => verdicts.get(plan.id) ?? []);
  };

  const onUndoSignal = (): void => void undoAll();
  process.on('SIGUSR2', onUndoSignal);
  if (engine.docker !== null && hasLeftovers()) void settle(() => daemon());

  return {
    plan: async (spec, ask = {}) => (await planOn(await daemon(), spec, ask)).plan,
    inject(spec, asked) {
      if (closing.signal.aborted)
        return Promise.reject(new Error('faults are no longer caused: it is closing'));
      const injecting = inject(spec, asked);
      underWay.add(injecting);
      const over = (): boolean => underWay.delete(injecting);
      injecting.then(over, over);
      return injecting;
    },
    active: () => [...held.values()].map(shown),
    undo,
    undoAll,
    async close() {
      closing.abort(new Error('it is closing'));
      await Promise.allSettled([...underWay, leftovers]);
      const verdicts = await undoAll();
      process.off('SIGUSR2', onUndoSignal);
      return verdicts;
    },
  };
}

function shown({ plan, since, expiresAt, bite }: HeldFault): ActiveFault {
  return { plan, since, expiresAt, bite };
}

/** Throws when the container is not the one that was planned for: it was restarted in between. */
function assertSteady(
  { target }: FaultPlan,
  { Id, State }: ContainerInspectInfo,
  network: string | null,
): void {
  const moved = target.network !== null && network !== null && target.network !== network;
  if (Id !== target.id || State.StartedAt !== target.startedAt || moved)
    throw new Error(`${target.name} was restarted just now; ask once more`);
}
