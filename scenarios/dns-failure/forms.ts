import { insideOf } from '../../source/diagnosis/facts/inside.js';
import type { DnsNameSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';

/** In which way lookups fail; `temporary` is all that a log says: a server failure, or nobody answered. */
export type Form = 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silence' | 'temporary';

/** The way in which one name failed, or undefined when it did not, or in ways that are no one's. */
export function formOf({ resolved, steps }: DnsNameSample): Form | undefined {
  if (resolved || steps.length === 0) return undefined;
  const outcomes = new Set(steps.map(({ outcome }) => outcome));
  if (outcomes.has('timeout')) return outcomes.size === 1 ? 'silence' : undefined;
  if (outcomes.has('SERVFAIL')) return 'SERVFAIL';
  if (outcomes.has('REFUSED')) return 'REFUSED';
  return outcomes.has('NXDOMAIN') ? 'NXDOMAIN' : undefined;
}

/** What an application is told by its C library, and when: measured with glibc 2.36. */
export function libcSays(history: History, asker: string | null, form: Form): string {
  if (form === 'NXDOMAIN') return '"Name or service not known" (EAI_NONAME) at once';
  const text = '"Temporary failure in name resolution" (EAI_AGAIN)';
  if (form !== 'silence') return form === 'temporary' ? text : `${text} at once`;
  const conf = asker === null ? null : insideOf(history, asker)?.resolver;
  const { timeoutSeconds = 5, attempts = 2, nameservers = [''] } = conf ?? {};
  return `${text} after ${duration(1000 * timeoutSeconds * attempts * Math.max(1, nameservers.length))}`;
}

/** How the form reads in a title. */
export const FORM_TEXT: Readonly<Record<Form, string>> = {
  NXDOMAIN: 'every name is said not to exist (NXDOMAIN)',
  SERVFAIL: 'every lookup is answered with SERVFAIL',
  REFUSED: 'every lookup is refused by the server',
  silence: 'no lookup is answered',
  temporary: 'lookups fail',
};
