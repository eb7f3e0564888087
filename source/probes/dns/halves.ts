import type { DnsStep } from './sample.js';

/** Which one of two questions for one name was left without an answer while the other was answered; undefined where none was. */
export function unansweredHalf(steps: readonly DnsStep[]): DnsStep['qtype'] | undefined {
  const isSilent = ({ outcome, truncated }: DnsStep): boolean => outcome === 'timeout' && !truncated;
  return steps.find(
    (step) =>
      isSilent(step) &&
      steps.some((other) => other.qname === step.qname && other.qtype !== step.qtype && isAnswer(other)),
  )?.qtype;
}

const NO_ANSWER = new Set(['timeout', 'refused', 'unreachable']);

const isAnswer = ({ outcome }: DnsStep): boolean => !NO_ANSWER.has(outcome);

/** The same as a figure of a series: 4 or 6 is the family of the question that was not answered, 0 is neither alone. */
export function halfFigure(steps: readonly DnsStep[]): 0 | 4 | 6 {
  const half = unansweredHalf(steps);
  return half === undefined ? 0 : half === 'A' ? 4 : 6;
}
