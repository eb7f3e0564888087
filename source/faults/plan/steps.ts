import type { AgentNeeds, AgentStep, PlanBody } from '../fault-plan.js';

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

/** `docker update` of a container. */
export const updateLimits = (id: string, body: object): AgentStep =>
  daemonCall(`/containers/${id}/update`, body);

/** Starts a container again; 304: it runs, 404: it was removed. */
export const startAgain = (id: string): AgentStep =>
  daemonCall(`/containers/${id}/start`, undefined, [304, 404]);

/** A step as a person reads it, in one line or, where it is given a text, several. */
export function stepText(step: AgentStep): string {
  if (step.do === 'run') return [commandText(step.command), ...inputLines(step.stdin)].join('\n');
  if (step.do === 'docker') {
    const body = step.body === undefined ? '' : ` ${JSON.stringify(step.body)}`;
    return `docker API: ${step.method} ${step.path}${body}`;
  }
  if (step.do === 'exec')
    return `docker exec --detach${step.user ? ` --user ${step.user}` : ''} <target> ${commandText(step.command)}`;
  if (step.do === 'answer')
    return `DNS server of the fault agent, UDP and TCP port ${step.port}: ${step.rcode}`;
  const jitter = step.jitterMs === 0 ? '' : `, give or take ${step.jitterMs} ms`;
  const loss = step.lossPercent === 0 ? '' : `, ${step.lossPercent} % dropped`;
  return `NFQUEUE ${step.number}: the fault agent lets each packet pass after ${step.delayMs} ms${jitter}${loss}`;
}

/** A command as a shell would take it; a program's text that travels in it is named by its length. */
export function commandText(command: readonly string[]): string {
  return command
    .map((word) => {
      const lines = word.split('\n').length;
      return lines > 1 ? `<${lines} lines, in full with --json>` : quoted(word);
    })
    .join(' ');
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const inputLines = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `  | ${line}`);

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
