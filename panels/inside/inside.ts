import type { FaultlineState } from '../../source/store/state.js';
import { plural } from '../../source/terminal/format.js';
import { type Content, lines, span, type View } from '../panel.js';
import { rightText } from '../widgets/age.js';
import { matching } from '../widgets/matching.js';
import { unreadLines } from '../widgets/unread.js';
import { insideDetail } from './detail.js';
import { insideColumns, insideHead, insideRow } from './table.js';

/** The containers that are looked into, by name; opened alone, all that is known of the one chosen. */
export function insideContent(state: FaultlineState, view: View): Content {
  const names = shownContainers(state, view.filter);
  const all = state.latest.inside ?? {};
  const first = names[0];
  if (first === undefined && Object.keys(all).length === 0)
    return lines(unreadLines(state, (health) => health.id.startsWith('inside:'), view.width));
  const chosen = chosenContainer(state, view.restartTarget, names);
  const latest = chosen === undefined ? undefined : all[chosen];
  if (view.alone && latest) {
    return lines(insideDetail(latest.sample, state, view.width), {
      right: rightText(latest, state.now, latest.sample.means.by),
    });
  }
  const columns = insideColumns(names, view.width);
  return {
    right: plural(Object.keys(all).length, 'network'),
    head: [insideHead(columns)],
    count: names.length,
    selectable: true,
    line(index) {
      const name = names[index] ?? '';
      const sample = all[name];
      return sample ? insideRow(sample, state, columns, name === chosen) : [span('')];
    },
  };
}

/** Names in the order of the panel. */
export function shownContainers(state: FaultlineState, filter: string): readonly string[] {
  return matching(Object.keys(state.latest.inside ?? {}).sort(), filter, (name) => name);
}

/** The container that the choice means: itself, the one whose network it is in, or a replica of it. */
export function chosenContainer(
  state: FaultlineState,
  target: string | null,
  names: readonly string[],
): string | undefined {
  const all = state.latest.inside ?? {};
  const replicas = state.latest.services?.sample.services.filter(({ group }) => group === target) ?? [];
  const isIn = (name: string): boolean =>
    name === target ||
    (target !== null && (all[name]?.sample.sharedWith.includes(target) ?? false)) ||
    replicas.some((replica) => replica.name === name);
  return names.find((name) => name === target) ?? names.find(isIn) ?? names[0];
}
