import { bringBackFix, resumeFix } from '../../source/diagnosis/facts/context.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import type { Hung } from '../../source/diagnosis/facts/hung-listeners.js';
import { unitAt, withUnit } from '../../source/diagnosis/facts/units.js';
import { lookAtUnixFix } from '../../source/diagnosis/facts/unix-sockets.js';
import type { Fix } from '../../source/store/finding.js';
import { CLIENT_DEADLINES } from '../common-fixes.js';

/** What ends it now, and what keeps it from coming back. */
export const fixesOf = (one: Hung): Fix[] => [
  atOnce(one),
  later('a liveness check that restarts what does not answer'),
  CLIENT_DEADLINES,
];

function atOnce({ history, service, process, address, subject, frozen, chain, unix }: Hung): Fix {
  const label = service?.name ?? address ?? subject.id;
  if (process)
    return now(
      `find out who stopped it, and let ${withUnit(process)} go on`,
      process.by === 'signal'
        ? `kill -CONT ${process.pids.join(' ')}`
        : process.unit !== undefined
          ? `systemctl thaw ${process.unit}`
          : `cat /proc/${process.pids[0]}/cgroup   # thaw that`,
    );
  if (unix) return lookAtUnixFix(unix);
  if (service && frozen) return resumeFix(service, address ?? label);
  // Others wait for it and it runs: what it does itself is to be seen before it is ended.
  if (chain.length > 0)
    return now(
      `what does ${label} do meanwhile? See its log before it is restarted`,
      service?.container ? `docker logs --tail 50 ${service.name}` : `ss -tnp dst ${address}`,
    );
  const unit = service || address === null ? undefined : unitAt(history, address)?.unit;
  if (unit !== undefined) return now(`restart ${unit}`, `systemctl restart ${unit}`);
  return bringBackFix(service, address ?? label, `restart ${label}`);
}
