import { type SickApp, sickApp } from '../../source/diagnosis/facts/context.js';
import { database, databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import { demand } from '../../source/diagnosis/facts/demand.js';
import { type ResolverView, resolvers, settled, waitedOut } from '../../source/diagnosis/facts/dns.js';
import { failing, targets } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { duration, plural, rate } from '../../source/diagnosis/facts/text.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { History } from '../../source/store/history.js';
import { askersOf } from './askers.js';
import { evidenceOf, outlived, type Scene } from './evidence.js';
import { fixes } from './fixes.js';
import { FOR_MS, KEEP_MS, THRESHOLDS } from './thresholds.js';

/**
 * A resolver that is alive and answers everything too late: a queue of askers who gave up and asked again. Seen
 * from outside, by its answers only.
 */
export const signature: Signature = {
  id: 'traffic-spike',
  forMs: FOR_MS,
  keepMs: KEEP_MS,
  explains: ['service-hung', 'http-errors', 'close-wait-leak', 'listen-overflow'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const views = resolvers(history);
  const view =
    views.find((one) => queued(one) && one.names.some(waitedOut)) ?? views.find(queued) ?? views[0];
  if (!view) return undefined;
  const scene: Scene = { history, view, app: sickApp(history), demand: demand(history) };
  const metastable = outlived(scene.demand);
  const asker = askersOf(history, view)[0] ?? scene.app?.label ?? 'lookups';
  return {
    target: `${asker} → resolver ${view.resolver}`,
    raise: raised(history, view),
    clear: view.names.every(settled),
    title: metastable
      ? 'The resolver is saturated and will not heal by itself'
      : 'The resolver is saturated: it answers, but too late',
    severity: failing(history).length > 0 || targets(history).length === 0 ? 'critical' : 'warning',
    base: 0.35,
    evidence: evidenceOf(scene),
    ruledOut: ruledOut(history, [
      'database-down',
      'resolver-dead',
      'name-missing',
      'service-hung',
      'service-stopped',
      'database-connections',
    ]),
    fix: fixes(scene),
    story: story(scene, metastable),
    since: since(scene.app, view),
  };
}

/** A queue shows itself by answers that come late, or, as it builds up, by ones that are barely in time. */
const queued = (view: ResolverView): boolean =>
  view.names.reduce((sum, name) => sum + name.late.length + name.slow.length, 0) >=
  THRESHOLDS.lateAnswers.value;

/** Late answers that say "no such name" belong to a missing name, however slowly they come. */
const exists = (view: ResolverView): boolean =>
  !view.names.some((name) => name.sample.late.some((answer) => answer.outcome === 'NXDOMAIN'));

function raised(history: History, view: ResolverView): boolean {
  const waiting = view.names.filter(waitedOut);
  if (waiting.length === 0 || !queued(view) || !exists(view)) return false;
  const suffering = failing(history).length > 0;
  return suffering || waiting.some((name) => name.failed >= THRESHOLDS.runsWithoutTarget.value);
}

function since(app: SickApp | undefined, view: ResolverView): number | null {
  return earliest(app?.view.failingSince, ...view.names.map((name) => name.failingSince));
}

function story({ history, view, demand: load }: Scene, metastable: boolean): string[] {
  const lines: string[] = [];
  const slowest = [...view.names.flatMap((name) => name.slow), ...view.names.flatMap((name) => name.late)].at(
    -1,
  );
  if (slowest)
    lines.push(
      `askers give up after ${duration(view.patienceMs)}, answers take ${duration(slowest.value)}: all work is wasted`,
    );
  if (metastable && load?.arrivals !== undefined)
    lines.push(
      `the load outlived the spike: ${plural(load.askers, 'lookup')} wait, ${rate(load.arrivals)} connections/s arrive`,
    );
  const log = logged(history, 'name-resolution-temporary')[0];
  if (log) lines.push(`${log.service} logs temporary failures, not NXDOMAIN: the name exists`);
  const sample = database(history);
  if (sample && isInnocent(sample)) lines.push(`the database is innocent: ${databaseText(sample)}`);
  return lines.slice(0, 4);
}
