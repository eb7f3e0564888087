import type { ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState, ProbeHealth } from '../../source/store/state.js';
import { plural } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { rightText } from '../widgets/age.js';
import { matching } from '../widgets/matching.js';
import { row, tableHead } from '../widgets/table.js';
import { unreadLines } from '../widgets/unread.js';
import { containerColumns } from './container-columns.js';
import { detailLines } from './detail.js';
import { processColumns } from './process-columns.js';
import type { ServiceColumns } from './service-columns.js';

/** Columns before the first one: the mark of the service that keys act on. */
const INDENT = '  ';

const isServices = (health: ProbeHealth) => health.id === 'services';

/** The services whose rows stand in the panel under a filter, in the order of the rows. */
export function shownServices(state: FaultlineState, filter: string): readonly ServiceSample[] {
  const all = state.latest.services?.sample.services ?? [];
  const text = ({ name, state: word, group, container }: ServiceSample) =>
    [name, word, group, container?.image, container?.composeProject, container?.status].join(' ');
  return matching(all, filter, text);
}

/** Whether a target's name means this service: its own, or that of what it is a replica of. */
export const isTarget = (service: ServiceSample, target: string | null): boolean =>
  target !== null && (service.name === target || service.group === target);

/** Services or containers: how each fares, what it uses of what it may; opened alone, the chosen one in full. */
export function servicesContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.services;
  if (!latest) return lines(unreadLines(state, isServices, view.width));
  const { services: all, means, missing } = latest.sample;
  const shown = shownServices(state, view.filter);
  const columns = (all.some(({ container }) => container) ? containerColumns : processColumns)(
    all,
    view.width - INDENT.length,
  );
  const chosen = shown[view.cursor ?? -1] ?? shown.find((service) => isTarget(service, view.restartTarget));
  const notes = view.alone ? missing.map((text) => [span(`${INDENT}${text}`, 'muted')]) : [];
  return {
    right: rightText(latest, state.now, plural(all.length, 'service'), means),
    head: [...troubleLines(state, view), tableHead(columns.columns, INDENT)],
    count: shown.length + notes.length,
    selectable: true,
    line: (index) => {
      const service = shown[index];
      return service ? serviceLine(service, columns, state, view) : (notes[index - shown.length] ?? []);
    },
    ...(view.alone && chosen?.container ? { foot: footOf(chosen, state, view) } : {}),
  };
}

/** Why the rows are no longer renewed, and the command that mends it. */
function troubleLines(state: FaultlineState, view: View): readonly Line[] {
  const isFailing = Object.values(state.probes).some(
    (health) => isServices(health) && health.reason !== null,
  );
  return isFailing ? unreadLines(state, isServices, view.width) : [];
}

/** The chosen one in full, in at most half of the panel, so that its row stays in view. */
function footOf(service: ServiceSample, state: FaultlineState, view: View): readonly Line[] {
  return detailLines(service, state.now, view.width).slice(0, Math.max(0, Math.floor(view.height / 2)));
}

function serviceLine(
  service: ServiceSample,
  { columns, values }: ServiceColumns,
  state: FaultlineState,
  view: View,
): Line {
  const chosen = isTarget(service, view.restartTarget);
  return [
    span(chosen ? `${SYMBOL.cursor} ` : INDENT, 'key'),
    ...row(columns, values(service, state, chosen ? 'selected' : undefined)),
  ];
}
