import type { DnsTrouble } from '../../source/diagnosis/facts/dns-troubles.js';
import { insideOf } from '../../source/diagnosis/facts/inside.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';

type Form = DnsTrouble['form'];

/** What an application is told by its C library, and when: measured with glibc 2.36. */
export function libcSays(history: History, client: string | null, form: Form): string {
  if (form === 'NXDOMAIN') return '"Name or service not known" (EAI_NONAME) at once';
  const text = '"Temporary failure in name resolution" (EAI_AGAIN)';
  if (form !== 'silence') return form === 'temporary' ? text : `${text} at once`;
  const conf = client === null ? null : insideOf(history, client)?.resolver;
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
