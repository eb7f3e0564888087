import { reachOf } from '../../source/diagnosis/facts/containers.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { containers, type Ending, endings } from '../../source/diagnosis/facts/events.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import { nothingSeen } from '../../source/diagnosis/nothing-seen.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';
import { evidenceOf, type Scene, THRESHOLDS } from './evidence.js';
import { fixes, rivals, story, titleOf } from './telling.js';

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
      active.map((one) => one.service),
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
  return nothingSeen({
    target: 'containers',
    clear: !isFelt(history) || ![...containers(history).values()].some((one) => isMissed(history, one)),
    title: 'No container was killed',
    severity: 'notice',
    base: 0,
  });
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
