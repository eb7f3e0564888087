import { FOLLOWS_AN_END, reachOf, startFix } from '../../source/diagnosis/facts/containers.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { containers, type Ending, endings } from '../../source/diagnosis/facts/events.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { swarmServiceOf } from '../../source/diagnosis/facts/swarm.js';
import { duration, plural } from '../../source/diagnosis/facts/text.js';
import { known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Finding } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { downMs, evidenceOf, type Scene, THRESHOLDS } from './evidence.js';

/** A container was killed, or ended by itself: not stopped by hand, and not for memory. */
export const signature: Signature = {
  id: 'container-kill',
  // The event is the fact: nothing to wait for, and its symptoms come after it.
  forMs: 0,
  keepMs: 3000,
  explains: FOLLOWS_AN_END,
  assess,
};

const KINDS: readonly Ending['kind'][] = ['killed', 'killed-from-outside', 'crashed'];

function assess(history: History): Assessment | undefined {
  if (!history.latest.events || !history.latest.services) return undefined;
  const there = containers(history);
  const all = endings(history).filter((ending) => KINDS.includes(ending.kind));
  const scenes = all.flatMap((ending): Scene[] => {
    const service = there.get(ending.workload);
    const last = all.findLast((other) => other.workload === ending.workload);
    if (!service || ending !== last) return [];
    return [{ history, ending, service, ends: endsOf(history, ending.workload, all) }];
  });
  const active = scenes.filter(isActive);
  // The one that is away before the one that is back, then the one that went first: the others may follow from it.
  const scene = active.find(({ ending }) => ending.backAt === null) ?? active[0] ?? scenes.at(-1);
  if (!scene) return nothing(history);
  const { ending, service } = scene;
  const others = active.filter((one) => one !== scene).map((one) => one.service.name);
  return {
    target: targetOf(history, service.name),
    raise: active.length > 0,
    clear: active.length === 0,
    title: titleOf(scene),
    severity: severityOf(scene),
    base: 0.4,
    evidence: evidenceOf(scene),
    ruledOut: rivals(scene),
    fix: fixes(scene),
    story: story(scene, others),
    since: ending.beganAt,
    reach: reachOf(
      history,
      active.map((one) => one.service.name),
    ),
  };
}

/** Away, or back so lately that what it broke may still be broken. */
function isActive({ history, ending, ends }: Scene): boolean {
  if (ending.backAt === null) return true;
  const lasts =
    isFelt(history) || ends >= THRESHOLDS.loop.value ? THRESHOLDS.recoveringMs : THRESHOLDS.backMs;
  return history.now - ending.backAt <= lasts;
}

const isFelt = (history: History): boolean =>
  failing(history).length > 0 || (database(history)?.failure ?? null) !== null;

/** It ran while it was watched, and ended badly: what was named before its events were forgotten may be still so. */
const isMissed = (history: History, service: ServiceSample): boolean =>
  isGone(service) &&
  service.lastExit?.code !== 0 &&
  known(history, `service.up{${service.name}}`, STREAK_MS).some(({ value }) => value === 1);

/** No event of the last two minutes: what was named before stays only while something fails and somebody is away. */
function nothing(history: History): Assessment {
  return {
    target: 'containers',
    raise: false,
    clear: !isFelt(history) || ![...containers(history).values()].some((one) => isMissed(history, one)),
    title: 'No container was killed',
    severity: 'notice',
    base: 0,
    evidence: [],
    ruledOut: [],
    fix: [],
    story: [],
    since: null,
  };
}

/** Ends in ten minutes: by events of the last two, by its state before that. */
function endsOf(history: History, workload: string, all: readonly Ending[]): number {
  const up = known(history, `service.up{${workload}}`, THRESHOLDS.loop.windowMs);
  const falls = up.filter((point, i) => point.value === 0 && up[i - 1]?.value === 1).length;
  return Math.max(falls, all.filter((ending) => ending.workload === workload).length);
}

function targetOf(history: History, name: string): string {
  const first = failing(history)[0];
  return first ? `${first.target} → ${name}` : name;
}

function severityOf(scene: Scene): Assessment['severity'] {
  if (scene.ending.backAt !== null && scene.ends < THRESHOLDS.loop.value) return 'warning';
  return isFelt(scene.history) || scene.ends >= THRESHOLDS.loop.value ? 'critical' : 'warning';
}

function how({ ending }: Scene): string {
  if (ending.kind === 'killed') return 'was killed (docker kill, SIGKILL)';
  if (ending.kind === 'killed-from-outside') return 'was killed (SIGKILL) by someone other than Docker';
  return `ended by itself with exit code ${ending.code ?? 'unknown'}`;
}

function titleOf(scene: Scene): string {
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
function rivals(scene: Scene): Assessment['ruledOut'] {
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

function fixes({ service, ending, ends }: Scene): Finding['fix'] {
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

function story(scene: Scene, others: readonly string[]): string[] {
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
