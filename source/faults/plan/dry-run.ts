import { agentName } from '../agent/agent-container.js';
import type { AgentStep, FaultPlan } from '../fault-plan.js';

/** Everything an injection would read and do, in the order in which it would. */
export interface DryRun {
  readonly plan: FaultPlan;
  /** Before anything is done. */
  readonly reads: readonly string[];
  readonly does: readonly string[];
  readonly ends: readonly string[];
}

/**
 * Pure. `sources` are the programs by which a target's state is read (see observationSources), `trials` what is tried to know
 * what the machine can do, `looks` what is read in the target for the plan alone.
 */
export function dryRun(
  plan: FaultPlan,
  sources: readonly string[],
  { trials, looks }: { readonly trials: readonly string[]; readonly looks: readonly string[] },
): DryRun {
  const { id, target, agent, ttlMs, readings } = plan;
  const capabilities = agent.capabilities.map((capability) => `--cap-add ${capability}`);
  const joins = [
    agent.network === 'target' ? `--network container:${target.name}` : '--network none',
    ...(agent.pid ? [`--pid container:${target.name}`] : []),
    ...(agent.socket ? ['--volume /var/run/docker.sock:/var/run/docker.sock'] : []),
    ...(agent.user === undefined ? [] : [`--user ${agent.user}`]),
  ];
  const measured = readings.map(({ command }) => commandText(command));
  return {
    plan,
    reads: [
      `docker API: GET /containers/${target.id}/json, and its statistics where memory counts`,
      'docker API: GET /containers/json, for fault agents of other faults on it',
      ...trials.map((trial) => `trial, in a network that is thrown away: ${trial}`),
      ...looks.map((look) => `in the target: ${look}`),
      ...sources.map((source) => `in the target: ${source}`),
      ...measured.map((command) => `in the target: ${command}`),
    ],
    does: [
      'journal: an entry with the plan, the state before and the undo steps, synced to the disk',
      `docker run --name ${agentName(id)} --read-only --cap-drop ALL ${[...capabilities, ...joins].join(' ')} <toolbox>`,
      ...plan.apply.map(stepText),
      ...measured.map((command) => `in the target: ${command}`),
    ],
    ends: [
      ...plan.renew.map((step) => `while this program lives, every ${seconds(ttlMs / 3)}: ${stepText(step)}`),
      ...plan.undo.map(stepText),
      'the state is read again; it is clean only if nothing differs, and then the journal entry is crossed out',
    ],
  };
}

/** A dry run as a person reads it. */
export function dryRunText({ plan, reads, does, ends }: DryRun): string {
  const { what, means, insteadOf, ending, ttlMs } = plan;
  return [
    `Dry run: nothing is written. ${what}.`,
    '',
    `By      ${means}${insteadOf === null ? '' : `; ${insteadOf}`}`,
    `Ends    by itself within ${seconds(ttlMs)}: ${ENDINGS[ending]}`,
    '',
    'Reads (in the target: by a container of the toolbox in its namespaces, gone after it)',
    ...reads.map(numbered),
    '',
    'Does',
    ...does.map(numbered),
    '',
    'Ends with',
    ...ends.map(numbered),
  ].join('\n');
}

const ENDINGS = {
  'kernel lease': 'the kernel forgets the elements that its rules match on, with no process alive',
  'fail-open': 'without its reader the kernel lets every packet pass, at once',
  timer: 'its fault agent, a container that the daemon owns, undoes it',
} as const;

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const numbered = (text: string, at: number): string => {
  const [first, ...rest] = text.split('\n');
  return [`  ${String(at + 1).padStart(2)}  ${first}`, ...rest.map((line) => `      ${line}`)].join('\n');
};

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
