import type { FaultSpec } from '../fault-spec.js';
import type { ActiveFault, RollbackVerdict } from '../fault-verdict.js';
import { type Planner, planner as plansOfDocker } from '../kinds/planner.js';
import { causeFault, type InjectOptions } from './cause-fault.js';
import { type Daemon, type DaemonSource, daemonNow } from './daemon.js';
import { HeldFault, type RecordedFault } from './held-fault.js';
import { hasLeftovers, settleLeftovers } from './undo-container.js';

/** Causes faults in containers and rolls them back. Every fault is in the journal before it exists. */
export interface FaultDesk {
  /** Causes it and checks its effect. Rejects when it could not be caused; what was half done is then undone. */
  inject(spec: FaultSpec, options: InjectOptions): Promise<ActiveFault>;
  active(): readonly ActiveFault[];
  /** Rolls one back by its id and compares with the snapshot. Never rejects. */
  undo(id: string): Promise<RollbackVerdict>;
  /** All of this process, newest first. */
  undoAll(): Promise<readonly RollbackVerdict[]>;
  /** Rolls everything back and stops renewing. Safe to call twice. */
  close(): Promise<readonly RollbackVerdict[]>;
}

export interface FaultDeskOptions {
  readonly engine: DaemonSource;
  /** Absent: the product's own. */
  readonly planner?: Planner;
  /** Tag of a toolbox image that is there; absent: the product's, built when it is not. */
  readonly image?: string;
}

/**
 * A desk for the containers of one daemon. First it rolls back what a dead console left there. Until it is closed
 * SIGUSR2 rolls everything back: that is how `faultline undo` asks a console that lives.
 */
export function createFaultDesk(options: FaultDeskOptions): FaultDesk {
  const { engine, planner = plansOfDocker } = options;
  const held = new Map<string, HeldFault>();
  const settled = new Map<string, RollbackVerdict>();
  const underWay = new Set<Promise<unknown>>();
  const closing = new AbortController();

  const daemon = (tell?: Pick<InjectOptions, 'progress' | 'signal'>): Promise<Daemon> =>
    daemonNow(engine, options.image, tell?.progress, tell?.signal);

  let leftovers: Promise<boolean> | undefined;
  /** What dead consoles left here is rolled back once, before anything new is caused. True when there may have been something. */
  const settle = (on: () => Promise<Daemon>): Promise<boolean> => {
    leftovers ??= on()
      .then(settleLeftovers)
      .catch(() => true);
    return leftovers;
  };

  const hold = (recorded: RecordedFault): HeldFault => {
    const { id } = recorded.plan;
    const onSettled = (verdict: RollbackVerdict): void => {
      settled.set(id, verdict);
      held.delete(id);
    };
    const fault = new HeldFault({ ...recorded, daemon: () => daemon(), onSettled });
    held.set(id, fault);
    return fault;
  };

  const inject = async (spec: FaultSpec, asked: InjectOptions): Promise<ActiveFault> => {
    const signal = AbortSignal.any([closing.signal, ...(asked.signal ? [asked.signal] : [])]);
    const ask = { ...asked, signal };
    const on = await daemon(ask);
    const { target, ...anew } = ask;
    // Seen before a rollback, or before minutes of making an image, it may no longer be so.
    const changed = (await settle(async () => on)) || on.madeImage;
    return shown(await causeFault(spec, changed ? anew : ask, on, { planner, hold }));
  };

  const undo = async (id: string): Promise<RollbackVerdict> => {
    const fault = held.get(id);
    if (fault !== undefined) return fault.end();
    const detail = 'no fault of this console has that id';
    return settled.get(id) ?? { id, what: id, outcome: 'left', clean: false, detail, residue: [] };
  };

  /** On one target newest first, on several at once. */
  const undoAll = async (): Promise<readonly RollbackVerdict[]> => {
    const newestFirst = [...held.values()].reverse();
    const targets = [...new Set(newestFirst.map(({ plan }) => plan.target.id))];
    const verdicts = new Map<string, RollbackVerdict>();
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

function shown({ plan, since, expiresAt, effect }: HeldFault): ActiveFault {
  return { plan, since, expiresAt, effect };
}
