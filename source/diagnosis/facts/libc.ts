import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import type { DnsTrouble } from './dns-troubles.js';
import { insideOf } from './inside.js';

/** What an application is told by its C library, and when: measured with glibc 2.36. */
export function libcSays(history: History, client: string | null, form: DnsTrouble['form']): string {
  if (form === 'NXDOMAIN') return '"Name or service not known" (EAI_NONAME) at once';
  const text = '"Temporary failure in name resolution" (EAI_AGAIN)';
  if (form !== 'silence') return form === 'temporary' ? text : `${text} at once`;
  const conf = client === null ? null : insideOf(history, client)?.resolver;
  const { timeoutSeconds = 5, attempts = 2, nameservers = [''] } = conf ?? {};
  return `${text} after ${duration(1000 * timeoutSeconds * attempts * Math.max(1, nameservers.length))}`;
}
