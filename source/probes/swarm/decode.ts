import {
  type NodeAnswer,
  nodesOf,
  type ServiceAnswer,
  servicesOf,
  type TaskAnswer,
  tasksOf,
} from './answers.js';
import { newestReplacementMs } from './replacement.js';
import type { SwarmSample, SwarmService, SwarmTask } from './sample.js';
import { hasEnded } from './task-end.js';

/** Tasks of a service that are kept, newest first. Swarm itself keeps five ended ones a slot unless told otherwise. */
const MOST_TASKS = 20;
/** Longest names and reasons taken over (characters): a reason may quote a whole command line. */
const LONGEST = 500;

/** What a manager's lists of services, tasks and nodes say. Text is as it came, only bounded; drawing makes it safe. */
export function decodeSwarm(
  services: readonly ServiceAnswer[],
  tasks: readonly TaskAnswer[],
  nodes: readonly NodeAnswer[],
): SwarmSample {
  const byService = new Map<string, SwarmTask[]>();
  for (const answer of tasksOf(tasks)) {
    const own = byService.get(answer.ServiceID ?? '') ?? [];
    own.push(decodeTask(answer));
    byService.set(answer.ServiceID ?? '', own);
  }
  return {
    services: servicesOf(services)
      .map((service) => decodeService(service, byService.get(service.ID ?? '') ?? []))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    nodes: {
      ready: nodesOf(nodes).filter((node) => node.Status?.State === 'ready').length,
      total: nodesOf(nodes).length,
    },
  };
}

function decodeService({ ID, Spec, UpdateStatus }: ServiceAnswer, all: readonly SwarmTask[]): SwarmService {
  const tasks = [...all].sort((a, b) => b.createdAt - a.createdAt);
  const wanted = tasks.filter((task) => task.desired === 'running');
  const limits = Spec?.TaskTemplate?.Resources?.Limits;
  return {
    id: ID ?? '',
    name: bounded(Spec?.Name) ?? '',
    // A digest is of use to machines only.
    image: (bounded(Spec?.TaskTemplate?.ContainerSpec?.Image) ?? '').replace(/@sha256:[0-9a-f]+$/, ''),
    // A global service wants one task on every node that fits: as many as Swarm wants to run.
    desired: Spec?.Mode?.Replicated ? (Spec.Mode.Replicated.Replicas ?? 0) : wanted.length,
    running: wanted.filter((task) => task.state === 'running').length,
    tasks: tasks.slice(0, MOST_TASKS),
    replacedInMs: newestReplacementMs(tasks),
    limits: {
      cpus: limits?.NanoCPUs ? limits.NanoCPUs / 1e9 : null,
      memoryBytes: limits?.MemoryBytes ? limits.MemoryBytes : null,
    },
    updateState: bounded(UpdateStatus?.State),
    updateMessage: bounded(UpdateStatus?.Message),
    endpointMode: Spec?.EndpointSpec?.Mode === 'dnsrr' ? 'dnsrr' : 'vip',
  };
}

/** The tasks of one service, newest first. */
export function decodeTasks(answers: readonly TaskAnswer[]): readonly SwarmTask[] {
  return tasksOf(answers)
    .map(decodeTask)
    .sort((a, b) => b.createdAt - a.createdAt);
}

function decodeTask({ ID, Slot, NodeID, CreatedAt, DesiredState, Status }: TaskAnswer): SwarmTask {
  const state = bounded(Status?.State) ?? 'unknown';
  const container = Status?.ContainerStatus;
  return {
    id: ID ?? '',
    slot: Slot ? Slot : null,
    state,
    desired: bounded(DesiredState) ?? 'unknown',
    createdAt: timeOf(CreatedAt),
    changedAt: timeOf(Status?.Timestamp),
    container: container?.ContainerID || null,
    // Of a task that runs, Docker says 0 or -1 here.
    exitCode: hasEnded({ state }) && container?.ContainerID ? (container.ExitCode ?? null) : null,
    error: bounded(Status?.Err),
    node: NodeID || null,
  };
}

function bounded(text: string | undefined): string | null {
  return text ? text.slice(0, LONGEST) : null;
}

/** Wall-clock ms; 0 when it is no time. */
function timeOf(text: string | undefined): number {
  const at = Date.parse(text ?? '');
  return Number.isFinite(at) ? at : 0;
}
