import type Docker from 'dockerode';
import { z } from 'zod';
import { isDeadline, reasonOf, statusOf, withDeadline } from '../../engines/docker/link/deadline.js';
import { identityOf } from '../../linux/process/identity.js';
import type { FaultPlan } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';
import { agentCommand } from './programs.js';
import { CALL_MS, isGone, type ToolboxWants } from './toolbox.js';

/** A line of a fault agent's output. */
const agentState = z.object({
  state: z.enum(['applied', 'failed', 'renewed', 'not renewed', 'undone', 'left']),
  errors: z.array(z.string()),
});
export type AgentState = z.infer<typeof agentState>;

/** The state in a line, or null when it is none (a warning of Python's). */
export function parseAgentState(line: string): AgentState | null {
  try {
    return agentState.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Labels by which fault agents are found, whoever started them. */
export const AGENT_LABELS = {
  fault: 'faultline.fault',
  kind: 'faultline.fault.kind',
  target: 'faultline.fault.target',
  what: 'faultline.fault.what',
  owner: 'faultline.owner',
} as const;

export const agentName = (id: string): string => `faultline-${id}`;

/**
 * Whether the daemon starts a fault agent again: what it has to undo outlives its own end and the daemon's, and it can
 * remove itself. One that shares the target's processes is not the first among them and goes with them.
 */
const isStartedAgain = ({ agent }: FaultPlan): boolean => agent.socket && !agent.pid;

/** The container that holds a plan's fault. `socket` is the daemon's, on its own machine. */
export function agentWants(plan: FaultPlan, image: string, socket: string): ToolboxWants {
  const { id, agent, target, spec, what } = plan;
  const { pid, startTime } = identityOf(process.pid);
  return {
    image,
    name: agentName(id),
    command: agentCommand(plan, isStartedAgain(plan) ? agentName(id) : null),
    labels: {
      [AGENT_LABELS.fault]: id,
      [AGENT_LABELS.kind]: spec.kind,
      [AGENT_LABELS.target]: target.id,
      [AGENT_LABELS.what]: what,
      [AGENT_LABELS.owner]: `${pid}:${startTime}`,
    },
    network: agent.network === 'target' ? target.id : null,
    pid: agent.pid ? target.id : null,
    capabilities: agent.capabilities,
    socket: agent.socket ? socket : null,
    startedAgain: isStartedAgain(plan),
    ...(agent.user === undefined ? {} : { user: agent.user }),
  };
}

export interface AgentSeen {
  readonly id: string;
  readonly fault: string;
  readonly kind: FaultKind;
  readonly what: string;
  /** `<pid>:<start>` of the process that started it. */
  readonly owner: string;
  readonly running: boolean;
  /** Nanoseconds of its making, as far as the daemon tells it; orders agents. */
  readonly created: string;
}

/** Fault agents on one target, of any console. */
export async function agentsOn(docker: Docker, targetId: string): Promise<readonly AgentSeen[]> {
  const filters = { label: [`${AGENT_LABELS.target}=${targetId}`] };
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
          fault: Labels[AGENT_LABELS.fault] ?? '',
          kind: (Labels[AGENT_LABELS.kind] ?? '') as FaultKind,
          what: Labels[AGENT_LABELS.what] ?? '',
          owner: Labels[AGENT_LABELS.owner] ?? '',
          running: info.State.Running,
          created: info.Created,
        },
      ];
    }),
  );
  return seen.flat();
}

/** Tells a fault agent to undo and end; false when it is not there or runs no more. Rejects when the daemon cannot be asked. */
export function endAgent(docker: Docker, id: string): Promise<boolean> {
  return telling(async (abortSignal) => {
    await docker.getContainer(agentName(id)).kill({ signal: 'SIGTERM', abortSignal });
  });
}

/**
 * Starts a fault agent's time anew; false as above. One that the daemon starts again is told by a program in it: a signal
 * through the daemon counts as a stop by hand, after which no container is started again (moby daemon/kill.go,
 * HasBeenManuallyStopped).
 */
export function renewAgent(docker: Docker, plan: FaultPlan): Promise<boolean> {
  const container = docker.getContainer(agentName(plan.id));
  return telling(async (abortSignal) => {
    if (!isStartedAgain(plan)) {
      await container.kill({ signal: 'SIGUSR1', abortSignal });
      return;
    }
    const program = await container.exec({ Cmd: ['kill', '-s', 'USR1', '1'], abortSignal });
    await program.start({ Detach: true, abortSignal });
  });
}

/** Whether a fault agent runs; null when there is none: a container that merely has its name is none.
 * Rejects when the daemon cannot be asked. */
export async function agentRuns(docker: Docker, id: string): Promise<boolean | null> {
  try {
    const info = await withDeadline(CALL_MS, (abortSignal) =>
      docker.getContainer(agentName(id)).inspect({ abortSignal }),
    );
    return info.Config.Labels?.[AGENT_LABELS.fault] === id ? info.State.Running : null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
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
