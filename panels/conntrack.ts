import { levelOfFill } from '../source/store/signs/conntrack.js';
import type { FaultlineState, ProbeHealth } from '../source/store/state.js';
import { count, percentOf } from '../source/terminal/format.js';
import { type Content, type Line, lines, span, type View } from './panel.js';
import { rightText } from './widgets/age.js';
import { progressBar } from './widgets/bar.js';
import { wrap } from './widgets/fit.js';
import { flow } from './widgets/flow.js';
import { LEVEL_TONE } from './widgets/levels.js';
import { unreadLines } from './widgets/unread.js';

const isSource = (health: ProbeHealth) => health.id === 'conntrack';

/** The connection tracking table: fill, what was dropped, timeouts. "Not loaded" and "not readable" are told apart. */
export function conntrackContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.conntrack;
  if (!latest) {
    if (state.probes.conntrack?.kind === 'not-loaded')
      return lines([
        ...wrap('Not loaded: connections are not tracked here, so no table can fill.', view.width).map(
          (text): Line => [span(text)],
        ),
        ...(view.alone ? unreadLines(state, isSource, view.width) : []),
      ]);
    return lines(unreadLines(state, isSource, view.width));
  }
  const { sample } = latest;
  const level = levelOfFill(sample);
  const tone = level === 'ok' ? undefined : LEVEL_TONE[level];
  const figure = (value: number | null) => (value === null ? 'not readable' : count(value));
  // Since the machine was started: whether it drops now is the business of the finding.
  const some = (value: number | null) => ((value ?? 0) > 0 ? 'strong' : undefined);
  const all: Line[] = [
    ...(sample.fill === null
      ? [[span(`${count(sample.count)}, no limit`, 'strong')]]
      : [
          [
            span(`${count(sample.count)} of ${count(sample.max)}`, 'strong'),
            span(`  ${percentOf(sample.fill)}`, tone),
          ],
          [span(progressBar(sample.fill, Math.min(40, view.width)), tone)],
        ]),
    ...flow(
      [
        [span('drop ', 'muted'), span(figure(sample.drop), some(sample.drop))],
        [span('early drop ', 'muted'), span(figure(sample.earlyDrop), some(sample.earlyDrop))],
        [span('insert failed ', 'muted'), span(figure(sample.insertFailed), some(sample.insertFailed))],
      ],
      view.width,
    ),
    ...Object.entries(sample.timeouts).map(
      ([name, seconds]): Line => [span(`${name} `, 'muted'), span(`${count(seconds)} s`)],
    ),
  ];
  return lines(all, { right: rightText(latest, state.now) });
}
