import { dockerBytes, limitCommand, mebibytes, startFix } from '../../source/diagnosis/facts/containers.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { swarmServiceOf } from '../../source/diagnosis/facts/swarm.js';
import type { Assessment } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf } from '../../source/terminal/format.js';
import { isWorker, type Short, times } from './evidence.js';

/** What a person is told of a container that is short of memory. */

const limitText = ({ container }: ServiceSample): string => {
  const limit = container?.limits.memoryBytes ?? null;
  return limit === null ? 'with no limit of its own' : `at its limit of ${mebibytes(limit)}`;
};

/** Whose limit it is, and who was killed for it, as far as that can be known. */
export function titleOf(history: History, short: Short): string {
  const { service, kills, ending, fill } = short;
  if (ending) {
    const back = ending.backAt === null ? ', and it is not back' : ', and it is back';
    return `${service.name} ran out of memory ${limitText(service)}: the kernel killed its first process${back}`;
  }
  if (kills > 0) {
    const stays = isWorker(history, short) ? '; the container itself stays up' : '';
    return `The kernel kills processes of ${service.name} ${limitText(service)}${stays}`;
  }
  return `${service.name} uses ${percentOf(fill ?? 0)} of its memory limit`;
}

/** What it looks like, and the figure that says it is not. */
export function rivals(history: History, short: Short): Assessment['ruledOut'] {
  const { service, kills } = short;
  const others = ruledOut(history, ['traffic-spike', 'resolver-dead', 'database-connections']);
  if (kills === 0) return others;
  const event = 'an oom event, and no kill event: nobody but the kernel did it';
  const stays = `${service.name} stays up: it was not its first process`;
  return [
    { id: 'container-kill', title: 'a kill by hand', because: isWorker(history, short) ? stays : event },
    { id: 'service-restarted', title: 'a restart by hand', because: 'no kill(15) and no stop before it' },
    ...others,
  ];
}

/** What ends it, and what keeps it from coming back. */
export function fixes({ service, ending }: Short): Fix[] {
  const limit = service.container?.limits.memoryBytes ?? null;
  const room = limit === null ? undefined : dockerBytes(2 * limit);
  return [
    room === undefined
      ? {
          when: 'now',
          text: 'the host itself is out of memory: see who uses it',
          command: 'docker stats --no-stream',
        }
      : {
          when: 'now',
          text:
            swarmServiceOf(service) === undefined
              ? 'raise its limit: that takes effect at once'
              : 'raise its limit: Swarm restarts its replicas one after the other for that',
          command: limitCommand([service], {
            container: `--memory ${room} --memory-swap ${room}`,
            swarm: `--limit-memory ${room}`,
          }),
        },
    ...(ending?.backAt === null && isGone(service) ? [startFix(service)] : []),
    { when: 'later', text: 'find what grows; set the limit above the peak, and an alert at 80 % of it' },
    { when: 'later', text: 'fewer workers, or workers that are replaced after some requests' },
  ];
}

/** What happened, in figures; `others` are short of memory, too. */
export function story(history: History, short: Short, others: readonly Short[]): string[] {
  const { service, kills, ending } = short;
  const lines: string[] = [];
  if (kills > 0) lines.push(`${service.name}: the kernel's OOM killer struck ${times(kills)}`);
  if (ending)
    lines.push(
      `${ending.trail}${ending.backAt === null ? '' : `; away for ${duration(ending.backAt - ending.at)}`}`,
    );
  else if (isWorker(history, short)) lines.push('Docker says OOMKilled=false: it was not its first process');
  if (others.length > 0)
    lines.push(
      `also: ${others
        .map((one) => one.service.name)
        .slice(0, 3)
        .join(', ')}`,
    );
  return lines;
}
