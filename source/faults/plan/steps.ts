import { isIP } from 'node:net';
import { type AgentNeeds, type AgentStep, type FaultPlan, type PlanBody, tableName } from '../fault-plan.js';

/** The agent of what is done in the target's network. */
export const inNetwork = (capabilities: AgentNeeds['capabilities'] = ['NET_ADMIN']): AgentNeeds => ({
  capabilities,
  network: 'target',
  pid: false,
  socket: false,
});

/** How a plan ends whose steps are all done by the daemon, and the agent of it. */
export const throughDaemon: Pick<PlanBody, 'ending' | 'agent'> = {
  ending: 'timer',
  agent: { capabilities: [], network: 'none', pid: false, socket: true },
};

/** Whether an agent is given no more than one of the three that there are: of the daemon, of a network, of processes. */
export function isOwnAgent({ capabilities, network, pid, socket, user }: AgentNeeds, plan: Written): boolean {
  if (socket) return capabilities.length === 0 && network === 'none' && !pid && user === undefined;
  if (pid)
    return (
      plan.spec.kind === 'open-files' &&
      capabilities.length === 0 &&
      network === 'none' &&
      /^\d+:\d+$/.test(user ?? '')
    );
  return network === 'target' && !capabilities.includes('SYS_PTRACE') && user === undefined;
}

/** A plan as it stands in a journal: what its steps may name. */
export type Written = Pick<FaultPlan, 'id' | 'target' | 'spec'>;

/** Judges an undo step that was read: the step as it is written today when a kind writes such a one, else null. */
export type OwnStep = (step: AgentStep, plan: Written) => AgentStep | null;

/** A call to the daemon; `okStatus` besides 2xx. */
export function daemonCall(path: string, body?: object, okStatus?: readonly number[]): AgentStep {
  return {
    do: 'docker',
    method: 'POST',
    path,
    ...(body === undefined ? {} : { body }),
    ...(okStatus === undefined ? {} : { okStatus }),
  };
}

/** Starts a container again; 304: it runs, 404: it was removed. */
export const startAgain = (id: string): AgentStep =>
  daemonCall(`/containers/${id}/start`, undefined, [304, 404]);

/** A POST to the daemon without a body on one of the plan's target: `start`, `unpause`. */
export const targetCall =
  (verb: 'start' | 'unpause'): OwnStep =>
  (step, { target }) => {
    const path = `/containers/${target.id}/${verb}`;
    if (step.do !== 'docker' || step.method !== 'POST' || step.path !== path || step.body !== undefined)
      return null;
    return daemonCall(path, undefined, step.okStatus);
  };

/** `docker update` of a container. */
export const updateLimits = (id: string, body: object): AgentStep =>
  daemonCall(`/containers/${id}/update`, body);

/** `docker update` of the plan's target with exactly one of these sets of figures. */
export const limitsCall =
  (...sets: readonly (readonly string[])[]): OwnStep =>
  (step, { target }) => {
    const path = `/containers/${target.id}/update`;
    if (step.do !== 'docker' || step.method !== 'POST' || step.path !== path) return null;
    const { body } = step;
    if (!isRecord(body) || !Object.values(body).every((figure) => Number.isFinite(figure))) return null;
    const names = Object.keys(body).sort().join();
    return sets.some((set) => [...set].sort().join() === names) ? daemonCall(path, body) : null;
  };

/** The first of some that knows the step. */
export const anyOf =
  (...some: readonly OwnStep[]): OwnStep =>
  (step, plan) => {
    for (const own of some) {
      const known = own(step, plan);
      if (known !== null) return known;
    }
    return null;
  };

/** Whether a step is a program with these words; a pattern stands for what differs from plan to plan. */
export function isCommand(
  step: AgentStep,
  words: readonly (string | RegExp)[],
): step is Extract<AgentStep, { do: 'run' }> {
  return step.do === 'run' && fits(step.command, words);
}

/** Whether words are these, one by one. */
export function fits(words: readonly string[], wanted: readonly (string | RegExp)[]): boolean {
  return (
    words.length === wanted.length &&
    wanted.every((want, at) => {
      const word = words[at] as string;
      return typeof want === 'string' ? word === want : want.test(word);
    })
  );
}

/** The plan's own tables of nftables, and nothing else, are deleted. */
export const ownTables: OwnStep = (step, { id }) => {
  if (!isCommand(step, ['nft', '-f', '-'])) return null;
  const name = tableName(id);
  const lines = (step.stdin ?? '').split('\n').filter((line) => line !== '');
  const own = ['inet', 'netdev'].flatMap((family) => [
    `add table ${family} ${name}`,
    `delete table ${family} ${name}`,
  ]);
  return lines.length > 0 && lines.every((line) => own.includes(line)) ? step : null;
};

/** The plan's target is connected to a network again, with settings that a connection has, and no others. */
export const connectCall: OwnStep = (step, { target }) => {
  if (step.do !== 'docker' || step.method !== 'POST' || !isRecord(step.body)) return null;
  if (!/^\/networks\/[0-9a-z]{1,64}\/connect$/.test(step.path)) return null;
  const { Container, EndpointConfig, ...rest } = step.body;
  if (Container !== target.id || !isRecord(EndpointConfig) || Object.keys(rest).length > 0) return null;
  const sound = Object.entries(EndpointConfig).every(([name, value]) => ENDPOINT[name]?.(value) ?? false);
  return sound ? daemonCall(step.path, step.body, step.okStatus) : null;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');
const isAddress = (value: unknown): boolean => typeof value === 'string' && isIP(value) !== 0;

/** The settings of a connection to a network (EndpointSettings of Docker's API) that are put back. */
const ENDPOINT: Readonly<Record<string, (value: unknown) => boolean>> = {
  IPAMConfig: (value) =>
    isRecord(value) &&
    Object.entries(value).every(([name, part]) =>
      name === 'LinkLocalIPs'
        ? Array.isArray(part) && part.every(isAddress)
        : ['IPv4Address', 'IPv6Address'].includes(name) && isAddress(part),
    ),
  Aliases: isTexts,
  Links: isTexts,
  DriverOpts: (value) => isRecord(value) && isTexts(Object.values(value)),
  GwPriority: (value) => Number.isSafeInteger(value),
};

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** "50 MiB", "1.5 GiB". */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
