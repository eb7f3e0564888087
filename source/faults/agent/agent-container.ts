import type Docker from 'dockerode';
import { z } from 'zod';
import { isDeadline, reasonOf, statusOf, withDeadline } from '../../engines/docker/link/deadline.js';
import { identityOf } from '../../linux/process/identity.js';
import type { FaultPlan } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';
import { keeperCommand } from './programs.js';
import { CALL_MS, isGone, type ToolboxWants } from './toolbox.js';

/** A line of a keeper's output. */
const keeperState = z.object({
  state: z.enum(['applied', 'failed', 'renewed', 'not renewed', 'undone', 'left']),
  errors: z.array(z.string()),
});
export type KeeperState = z.infer<typeof keeperState>;

/** The state in a line, or null when it is none (a warning of Python's). */
export function parseKeeperState(line: string): KeeperState | null {
  try {
    return keeperState.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Labels by which keepers are found, whoever started them. */
export const KEEPER_LABELS = {
  fault: 'faultline.fault',
  kind: 'faultline.fault.kind',
  target: 'faultline.fault.target',
  what: 'faultline.fault.what',
  owner: 'faultline.owner',
} as const;

export const keeperName = (id: string): string => `faultline-${id}`;

/**
 * Whether the daemon starts a keeper again: what it has to undo outlives its own end and the daemon's, and it can
 * remove itself. One that shares the target's processes is not the first among them and goes with them.
 */
const isStartedAgain = ({ keeper }: FaultPlan): boolean => keeper.socket && !keeper.pid;

/** The container that keeps a plan's fault. `socket` is the daemon's, on its own machine. */
export function keeperWants(plan: FaultPlan, image: string, socket: string): ToolboxWants {
  const { id, keeper, target, spec, what } = plan;
  const { pid, startTime } = identityOf(process.pid);
  return {
    image,
    name: keeperName(id),
    command: keeperCommand(plan, isStartedAgain(plan) ? keeperName(id) : null),
    labels: {
      [KEEPER_LABELS.fault]: id,
      [KEEPER_LABELS.kind]: spec.kind,
      [KEEPER_LABELS.target]: target.id,
      [KEEPER_LABELS.what]: what,
      [KEEPER_LABELS.owner]: `${pid}:${startTime}`,
    },
    network: keeper.network === 'target' ? target.id : null,
    pid: keeper.pid ? target.id : null,
    capabilities: keeper.capabilities,
    socket: keeper.socket ? socket : null,
    startedAgain: isStartedAgain(plan),
    ...(keeper.user === undefined ? {} : { user: keeper.user }),
  };
}

export interface KeeperSeen {
  readonly id: string;
  readonly fault: string;
  readonly kind: FaultKind;
  readonly what: string;
  /** `<pid>:<start>` of the process that started it. */
  readonly owner: string;
  readonly running: boolean;
  /** Nanoseconds of its making, as far as the daemon tells it; orders keepers. */
  readonly created: string;
}

/** Keepers on one target, of any console. */
export async function keepersOn(docker: Docker, targetId: string): Promise<readonly KeeperSeen[]> {
  const filters = { label: [`${KEEPER_LABELS.target}=${targetId}`] };
  const listed = await withDeadline(CALL_MS, (abortSignal) =>
    docker.listContainers({ all: true, filters, abortSignal }),
  );
  const seen = await Promise.all(
    listed.map(async ({ Id, Labels }) => {
      const info = await docker
        .getContainer(Id)
        .inspect()
        .catch(() => null);
      if (info === null) return [];
      return [
        {
          id: Id,
          fault: Labels[KEEPER_LABELS.fault] ?? '',
          kind: (Labels[KEEPER_LABELS.kind] ?? '') as FaultKind,
          what: Labels[KEEPER_LABELS.what] ?? '',
          owner: Labels[KEEPER_LABELS.owner] ?? '',
          running: info.State.Running,
          created: info.Created,
        },
      ];
    }),
  );
  return seen.flat();
}

/** Tells a keeper to undo and end; false when it is not there or runs no more. Rejects when the daemon cannot be asked. */
export function endKeeper(docker: Docker, id: string): Promise<boolean> {
  return telling(async (abortSignal) => {
    await docker.getContainer(keeperName(id)).kill({ signal: 'SIGTERM', abortSignal });
  });
}

/**
 * Starts a keeper's time anew; false as above. One that the daemon starts again is told by a program in it: a signal
 * through the daemon counts as a stop by hand, after which no container is started again (moby daemon/kill.go,
 * HasBeenManuallyStopped).
 */
export function renewKeeper(docker: Docker, plan: FaultPlan): Promise<boolean> {
  const container = docker.getContainer(keeperName(plan.id));
  return telling(async (abortSignal) => {
    if (!isStartedAgain(plan)) {
      await container.kill({ signal: 'SIGUSR1', abortSignal });
      return;
    }
    const program = await container.exec({ Cmd: ['kill', '-s', 'USR1', '1'], abortSignal });
    await program.start({ Detach: true, abortSignal });
  });
}

async function telling(tell: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  try {
    await withDeadline(CALL_MS, tell);
    return true;
  } catch (error) {
    // 409: it is not running.
    if (isGone(error) || statusOf(error) === 409) return false;
    if (isDeadline(error)) throw new Error(`Docker did not answer within ${CALL_MS / 1_000} s`);
    throw new Error(reasonOf(error), { cause: error });
  }
}
