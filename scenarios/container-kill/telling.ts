import { startFix } from '../../source/diagnosis/facts/containers.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { swarmServiceOf } from '../../source/diagnosis/facts/swarm.js';
import type { Assessment } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Finding } from '../../source/store/finding.js';
import { duration, plural } from '../../source/terminal/format.js';
import { downMs, type Scene, THRESHOLDS } from './evidence.js';

/** What a person is told of a container that was killed, or ended by itself. */

function how({ ending }: Scene): string {
  if (ending.kind === 'killed') return 'was killed (docker kill, SIGKILL)';
  if (ending.kind === 'killed-from-outside') return 'was killed (SIGKILL) by someone other than Docker';
  return `ended by itself with exit code ${ending.code ?? 'unknown'}`;
}

/** Who ended it and how, and whether it is back. */
export function titleOf(scene: Scene): string {
  const { ending, service, ends } = scene;
  if (ends >= THRESHOLDS.loop.value)
    return `${service.name} ends again and again: ${ends} times in 10 min, last it ${how(scene)}`;
  const took = duration(downMs(scene));
  const back =
    ending.backAt === null
      ? 'and is not back'
      : ending.replaced
        ? `and Swarm replaced it after ${took}`
        : `and was back after ${took}`;
  return `${service.name} ${how(scene)} ${back}`;
}

/** What it looks like from further off, and the figure that says it is not. */
export function rivals(scene: Scene): Assessment['ruledOut'] {
  const { history, service, ending } = scene;
  const before = `${service.name} ended first: ${ending.trail}`;
  const memory =
    ending.kind === 'crashed' && service.container?.oomKills === null
      ? []
      : [{ id: 'memory-limit', title: 'out of memory', because: 'no oom event before its end' }];
  const byHand = { id: 'service-restarted', title: 'a restart by hand', because: 'no kill(15) and no stop' };
  const partOf = (id: string, title: string) => ({ id, title, because: before });
  return [
    ...memory,
    byHand,
    partOf('database-down', 'a failure of the database itself'),
    { ...partOf('name-missing', 'a missing record'), because: nameOf(service) },
    ...ruledOut(history, ['traffic-spike', 'database-connections', 'service-hung']),
  ];
}

const nameOf = (service: ServiceSample): string =>
  `Docker answers NXDOMAIN for a container that is gone, and ${service.name} is gone`;

/** What ends the outage, and what keeps it from coming back. */
export function fixes({ service, ending, ends }: Scene): Finding['fix'] {
  const policy = service.container?.restartPolicy ?? 'no';
  const now =
    ends >= THRESHOLDS.loop.value
      ? { text: `read why it ends: its last lines say it`, command: `docker logs --tail 50 ${service.name}` }
      : undefined;
  return [
    ...(now ? [{ when: 'now' as const, ...now }] : []),
    ...(ending.backAt === null ? [startFix(service)] : []),
    ...(policy === 'no' && swarmServiceOf(service) === undefined
      ? [
          {
            when: 'later' as const,
            text: 'a restart policy, so that a crash heals by itself (docker kill by hand is not undone by it)',
            command: `docker update --restart unless-stopped ${service.name}`,
          },
        ]
      : []),
    { when: 'later', text: 'a second replica, and clients that reconnect' },
  ];
}

/** What happened, in figures; `others` ended, too. */
export function story(scene: Scene, others: readonly string[]): string[] {
  const { ending, history } = scene;
  const lines = [`${ending.workload}: ${ending.trail}`];
  lines.push(
    ending.kind === 'crashed'
      ? 'nobody asked Docker to end it, and no oom event came before: it ended by itself'
      : 'SIGKILL, not out of memory: no oom event before its end',
  );
  const away = duration(downMs(scene));
  lines.push(ending.backAt === null ? `away for ${away}, not back yet` : `it was away for ${away}`);
  const failed = failing(history).length;
  if (failed > 0) lines.push(`${plural(failed, 'target')} of its users fail since`);
  if (others.length > 0) lines.push(`also: ${others.slice(0, 3).join(', ')}`);
  return lines;
}
