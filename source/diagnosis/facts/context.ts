import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { failingForNames } from './failing-askers.js';
import { failingAt } from './failing-at.js';
import { now } from './fixes.js';
import type { TargetView } from './http.js';
import type { Hung } from './hung.js';
import { isFrozen, serviceAt } from './services.js';
import { unitAt, withUnit } from './units.js';
import { lookAtUnixFix } from './unix-sockets.js';

/** The application that users see failing: its service where we watch it, else its address. */
export interface SickApp {
  readonly view: TargetView;
  readonly service: ServiceSample | undefined;
  /** The service's name, or `host:port`. */
  readonly label: string;
}

/** The first target that fails at one of these places, with its service; undefined where none does. */
export function sickApp(history: History, places: readonly string[]): SickApp | undefined {
  const [view] = failingAt(history, places).targets;
  if (!view) return undefined;
  const service = serviceAt(history, view.address);
  return { view, service, label: service?.name ?? view.address };
}

/**
 * The application whose users feel that lookups of this client fail: of a container, what it serves; of this host (null),
 * the target whose own name is not resolved, else what no container serves. Undefined where none of them fails that may
 * wait for a lookup.
 */
export function sickAsker(history: History, client: string | null): SickApp | undefined {
  const apps = failingForNames(history, [client]).map((view): SickApp => {
    const service = serviceAt(history, view.address);
    return { view, service, label: service?.name ?? view.address };
  });
  if (client !== null) return apps.find(({ service }) => service?.name === client);
  return (
    apps.find(({ view }) => view.sample.failure?.phase === 'dns') ??
    apps.find(({ service }) => service?.container === undefined)
  );
}

/** The first such application of several clients, the first of them first; undefined where users of none feel it. */
export function sickAskerAmong(history: History, clients: readonly (string | null)[]): SickApp | undefined {
  for (const client of clients) {
    const app = sickAsker(history, client);
    if (app) return app;
  }
  return undefined;
}

/** What a failing target looks like to who asks it. */
export function usersSee({ view: { sample } }: SickApp): string {
  if (sample.status !== null) return `errors (${sample.status})`;
  return sample.failure?.phase === 'dns'
    ? 'that its name cannot be resolved'
    : (sample.failure?.text ?? 'nothing');
}

/**
 * The fix that restarts what serves an address: by name where we watch it, else by finding its owner first. Where
 * nobody listens (`gone`) there is no owner to find, only what has ended.
 */
export function restartFix(
  service: ServiceSample | undefined,
  address: string,
  text: string,
  gone = false,
): Fix {
  if (service) {
    const action = { name: 'restart', argument: service.name };
    // A command of Docker's is true only for a container.
    return service.container
      ? { when: 'now', text, action, command: `docker restart ${service.name}` }
      : { when: 'now', text, action };
  }
  if (gone) return { when: 'now', text, command: 'systemctl --failed   # what has ended; start that' };
  const port = address.slice(address.lastIndexOf(':') + 1);
  return { when: 'now', text, command: `ss -lntup 'sport = :${port}'   # names its process; restart that` };
}

/** What lets a frozen process go on: SIGCONT, or what thaws it; Docker's own freezer knows no signal. */
function resumeCommand({ name, state, pid, stopped, container }: ServiceSample): string | undefined {
  if (container && state === 'paused') return `docker unpause ${name}`;
  if (stopped?.by === 'freezer')
    return pid === null
      ? undefined
      : `cat /proc/${pid}/cgroup   # its cgroup: THAWED to freezer.state (version 1), 0 to cgroup.freeze (2)`;
  // It may be its workers that were stopped, and not the process that it began with.
  if (pid !== null) return `kill -CONT ${(stopped?.pids ?? [pid]).join(' ')}`;
  return container ? `docker kill --signal CONT ${name}` : undefined;
}

/** The fix for a frozen process: what lets it go on, or a restart. */
export function resumeFix(service: ServiceSample, address: string): Fix {
  const command = resumeCommand(service);
  const fix = restartFix(
    service,
    address,
    `restart ${service.name}${command ? `, or resume it: ${command}` : ''}`,
  );
  return command ? { ...fix, command } : fix;
}

/** The fix that brings what serves an address back: one that is frozen is resumed or restarted, else a restart does it. */
export const bringBackFix = (
  service: ServiceSample | undefined,
  address: string,
  text: string,
  gone = false,
): Fix =>
  service && isFrozen(service) ? resumeFix(service, address) : restartFix(service, address, text, gone);

/** The fix for one that is silent or frozen: what lets its processes go on, or a restart, once it is seen what it does. */
export function hungFix(one: Hung): Fix {
  const { history, service, process, address, subject, frozen, chain, unix } = one;
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
