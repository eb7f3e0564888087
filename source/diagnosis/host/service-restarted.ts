import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { FOLLOWS_AN_END, reachOf, startFix, together } from '../facts/containers.js';
import { containers, type Ending, lastEndings } from '../facts/events.js';
import { failing } from '../facts/http.js';
import { supports, type WeightedEvidence } from '../old-evidence.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  events: 'Docker events: docker stop and restart are kill(15) → die → stop [→ start] (measured)',
  /** A restart is told of for this long after it (ms). */
  toldMs: 60_000,
  /** What still fails so long after the start is no longer the restart's doing (ms). */
  settlesMs: 25_000,
} as const;

interface Scene {
  readonly ending: Ending;
  readonly service: ServiceSample;
}

/** Somebody stopped or restarted a container by hand: what fails in that moment has no other cause. */
export const serviceRestarted: Signature = {
  id: 'service-restarted',
  forMs: 0,
  keepMs: 2000,
  explains: FOLLOWS_AN_END,
  assess,
};

function assess(history: History): Assessment | undefined {
  if (!history.latest.events || !history.latest.services) return undefined;
  const there = containers(history);
  const scenes = lastEndings(history).flatMap((ending): Scene[] => {
    const service = there.get(ending.workload);
    return service && ending.kind === 'stopped' ? [{ ending, service }] : [];
  });
  const told = scenes.filter((scene) => isTold(history, scene));
  const away = told.filter(({ ending }) => ending.backAt === null);
  const shown = away.length > 0 ? away : told;
  const first = shown[0] ?? scenes.at(-1);
  const names = together((shown.length > 0 ? shown : scenes).map(({ service }) => service));
  return {
    target: names === '' ? 'containers' : names,
    raise: told.length > 0,
    clear: told.length === 0,
    title: first ? titleOf(history, names, first) : 'No container was restarted',
    severity: away.length > 0 && failing(history).length > 0 ? 'critical' : 'warning',
    base: 0.5,
    evidence: shown.slice(0, 5).map(rowOf),
    ruledOut: first
      ? [
          {
            id: 'container-kill',
            title: 'a kill or a crash',
            because: `asked to end: ${first.ending.trail}`,
          },
          { id: 'memory-limit', title: 'out of memory', because: 'no oom event before its end' },
        ]
      : [],
    fix: away.map(({ service }) => startFix(service)),
    story: shown.slice(0, 3).map(({ ending }) => storyOf(history, ending)),
    since: first?.ending.beganAt ?? null,
    reach: reachOf(
      history,
      told.map((one) => one.service),
    ),
  };
}

/** One that is away is told of while its events are known, one that is back for about a minute. */
function isTold(history: History, { ending }: Scene): boolean {
  if (ending.backAt === null) return true;
  const ago = history.now - ending.backAt;
  return ago <= (failing(history).length > 0 ? THRESHOLDS.settlesMs : THRESHOLDS.toldMs);
}

function titleOf(history: History, names: string, { ending }: Scene): string {
  const verb = / \(\d+ replicas\)$| and /.test(names) ? 'were' : 'was';
  if (ending.backAt === null)
    return `${names} ${verb} stopped by hand, ${duration(history.now - ending.at)} ago`;
  return `${names} ${verb} restarted by hand ${duration(history.now - ending.backAt)} ago`;
}

const rowOf = ({ ending }: Scene): WeightedEvidence =>
  supports(0.4, {
    signal: `events{${ending.workload}}`,
    value: ending.trail,
    threshold: 'no end, or one that nobody asked for',
    source: THRESHOLDS.events,
  });

function storyOf(history: History, ending: Ending): string {
  const away = duration((ending.backAt ?? history.now) - ending.at);
  const end = ending.backAt === null ? `away for ${away}, not started again` : `away for ${away}`;
  return `${ending.workload}: ${ending.trail}; ${end}`;
}
