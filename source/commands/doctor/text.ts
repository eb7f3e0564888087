import { sanitise } from '../../terminal/sanitise.js';
import { indent, table } from '../text/table.js';
import type { DoctorReport } from './examine.js';

const WORD = { yes: 'ok', partly: 'partly', no: 'no' } as const;

/** The report as a person reads it: what works, then each thing missing with its reason and what grants it. */
export function doctorText(report: DoctorReport): string {
  const { capabilities, host } = report;
  const missing = capabilities.filter((capability) => capability.state !== 'yes');
  const rows = capabilities.map(({ state, title, means }) => [WORD[state], title, sanitise(means, 200)]);
  const details = missing.flatMap(({ title, reason, mend }) => [
    `${title}: ${sanitise(reason ?? 'no reason given')}`,
    ...(mend === null ? [] : [`  $ ${sanitise(mend)}`]),
  ]);
  return [
    `Faultline ${report.faultline} on Node ${report.node}, ${sanitise(host.hostname, 80)} (${host.system}), as ${sanitise(host.user, 80)}`,
    '',
    indent(table(rows)),
    ...(details.length === 0
      ? ['', 'Nothing is missing.']
      : ['', 'What is missing, and what would grant it', indent(details.join('\n'))]),
  ].join('\n');
}
