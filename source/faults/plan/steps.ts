import type { KeeperStep } from '../fault-plan.js';

/** A step as a person reads it, in one line or, where it is given a text, several. */
export function stepText(step: KeeperStep): string {
  if (step.do === 'run') return [commandText(step.command), ...inputLines(step.stdin)].join('\n');
  if (step.do === 'docker') {
    const body = step.body === undefined ? '' : ` ${JSON.stringify(step.body)}`;
    return `docker API: ${step.method} ${step.path}${body}`;
  }
  if (step.do === 'exec')
    return `docker exec --detach${step.user ? ` --user ${step.user}` : ''} <target> ${commandText(step.command)}`;
  if (step.do === 'answer') return `DNS server of the keeper, UDP and TCP port ${step.port}: ${step.rcode}`;
  const jitter = step.jitterMs === 0 ? '' : `, give or take ${step.jitterMs} ms`;
  const loss = step.lossPercent === 0 ? '' : `, ${step.lossPercent} % dropped`;
  return `NFQUEUE ${step.number}: the keeper lets each packet pass after ${step.delayMs} ms${jitter}${loss}`;
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
