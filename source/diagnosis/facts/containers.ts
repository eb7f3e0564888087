import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { containers } from './events.js';
import { now } from './fixes.js';
import { isRestarting } from './services.js';
import { swarmServiceOf } from './swarm.js';

/** How containers are spoken of, and what Docker's own commands do about them. */

const MIB = 1024 * 1024;

/** That no container is so, in words: "none of 3 containers is paused"; undefined where `some` are, or none is there. */
export function noneOfContainers(history: History, some: readonly unknown[], is: string): string | undefined {
  const { size } = containers(history);
  return size === 0 || some.length > 0 ? undefined : `none of ${plural(size, 'container')} ${is}`;
}

/** What a container said last says why it ended. */
export const readLogFix = ({ name }: ServiceSample): Fix => ({
  when: 'now',
  text: 'read why it ends: its last lines say it',
  command: `docker logs --tail 50 ${name}`,
});

/**
 * `restart` starts one that has ended, too. A Swarm task's container is not started again: Swarm makes another; and one
 * that its daemon is about to start needs its reason mended, not a start.
 */
export function startFix(service: ServiceSample): Fix {
  const { name } = service;
  if (isRestarting(service)) return readLogFix(service);
  const swarm = swarmServiceOf(service);
  if (swarm !== undefined)
    return {
      when: 'now',
      text: 'Swarm replaces it: read why it has not yet',
      command: `docker service ps --no-trunc ${swarm}`,
    };
  return {
    when: 'now',
    text: `start ${name} again`,
    command: `docker start ${name}`,
    action: { name: 'restart', argument: name },
  };
}

/** The fix that lets a container come back by itself; none where it does already, or Swarm sees to that. */
export function restartPolicyFix(service: ServiceSample): Fix[] {
  const policy = service.container?.restartPolicy ?? 'no';
  if (service.container?.isTask || policy !== 'no' || swarmServiceOf(service) !== undefined) return [];
  return [
    {
      when: 'later',
      text: 'a restart policy, so that a crash heals by itself (docker kill by hand is not undone by it)',
      command: `docker update --restart unless-stopped ${service.name}`,
    },
  ];
}

/** The fix that gives a container more of something, with the options that do it; Swarm restarts replicas for that. */
export function limitFix(
  service: ServiceSample,
  text: string,
  options: { readonly container: string; readonly swarm: string },
): Fix {
  const swarm = swarmServiceOf(service);
  return swarm === undefined
    ? {
        when: 'now',
        text: `${text}: that takes effect at once, nothing is restarted`,
        command: `docker update ${options.container} ${service.name}`,
      }
    : {
        when: 'now',
        text: `${text}: Swarm restarts its replicas one after the other for that`,
        command: `docker service update ${options.swarm} ${swarm}`,
      };
}

/** The fix that gives a container twice the memory that it may use; of one without a limit the host has none left. */
export function memoryFix(service: ServiceSample): Fix {
  const limit = service.container?.limits.memoryBytes ?? null;
  if (limit === null)
    return now('the host itself is out of memory: see who uses it', 'docker stats --no-stream');
  const room = dockerBytes(2 * limit);
  const options = { container: `--memory ${room} --memory-swap ${room}`, swarm: `--limit-memory ${room}` };
  return limitFix(service, 'raise its limit', options);
}

/** A memory size as Docker's options take it: `50m`, `384m`. */
export const dockerBytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / MIB))}m`;

/** Which memory limit a container has: `at its 50 MiB limit`. */
export function memoryLimitText({ container }: ServiceSample): string {
  const limit = container?.limits.memoryBytes ?? null;
  return limit === null ? 'with no limit of its own' : `at its ${mebibytes(limit)} limit`;
}

/** A memory size for a person: `50 MiB`. */
export const mebibytes = (bytes: number): string =>
  `${bytes < 10 * MIB ? (bytes / MIB).toFixed(1) : Math.round(bytes / MIB)} MiB`;
