import { sanitise } from '../../../terminal/sanitise.js';

/** Longest line of a page (characters). */
const MOST = 600;

/** One experiment of a findings page: what was done, what was measured, what follows. */
export interface FindingsSection {
  readonly title: string;
  /** Wall-clock ms. */
  readonly date: number;
  readonly service: string;
  readonly procedure: readonly string[];
  readonly observations: readonly string[];
  readonly findings: readonly string[];
  readonly recommendations: readonly string[];
}

const DAY = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** The page of one or several experiments as Markdown, in the form of "Chaos Engineering Experiment Findings". Pure. */
export function findingsPage(sections: readonly FindingsSection[]): string {
  const parts = sections.map((section, index) => [
    `## Experiment ${index + 1}: ${section.title}`,
    '',
    `**Date:** ${DAY.format(section.date)}  `,
    `**Target Service:** ${code(section.service)}`,
    '',
    '### Procedure:',
    ...section.procedure.map((text, step) => `${step + 1}. ${plain(text)}`),
    '',
    ...list('Observations', section.observations),
    ...list('Findings', section.findings),
    ...list('Recommendations', section.recommendations),
  ]);
  return ['# Chaos Engineering Experiment Findings', '', ...parts.flat()].join('\n').trimEnd().concat('\n');
}

function list(title: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [`### ${title}:`, ...texts.map((text) => `- ${plain(text)}`), ''];
}

const plain = (text: string): string => sanitise(text, MOST);

/** Text from outside (a reason, an error, a name) as code: on one line, without controls, and nothing in it is markup. */
export function code(text: string): string {
  return `\`${sanitise(text, 200).replaceAll('`', "'")}\``;
}
