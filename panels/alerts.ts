import type { AlertRule, AlertState } from '../source/store/alert-rule.js';
import type { FaultlineState } from '../source/store/state.js';
import { clock, elapsed } from '../source/terminal/format.js';
import { SYMBOL } from '../source/terminal/symbols.js';
import type { Tone } from '../source/terminal/theme.js';
import { type Content, type Line, lines, span, type View } from './panel.js';
import { wrap } from './widgets/fit.js';

const LOOK: Readonly<Record<AlertState, { readonly symbol: string; readonly tone: Tone }>> = {
  firing: { symbol: SYMBOL.critical, tone: 'critical' },
  pending: { symbol: SYMBOL.pending, tone: 'notice' },
  inactive: { symbol: SYMBOL.off, tone: 'muted' },
  unread: { symbol: SYMBOL.unknown, tone: 'unknown' },
};

/** The alerts of the failure documents: what fires and what is about to, where and since when; then the others. */
export function alertsContent({ alertRules }: FaultlineState, view: View): Content {
  if (alertRules.length === 0) return lines([[span('Not judged yet.', 'muted')]]);
  const order: readonly AlertState[] = ['firing', 'pending', 'inactive', 'unread'];
  const sorted = [...alertRules].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const active = alertRules.filter(({ active: its }) => its.length > 0).length;
  return lines(
    sorted.flatMap((rule) => rowsOf(rule, view)),
    { right: active > 0 ? `${active} active` : 'none active' },
  );
}

function rowsOf(rule: AlertRule, { width, alone }: View): readonly Line[] {
  const { symbol, tone } = LOOK[rule.state];
  const state = rule.reason === undefined ? rule.state : `${rule.state}: ${rule.reason}`;
  return [
    [span(`${symbol} ${rule.name}`, tone), span(`  ${state}  (for: ${elapsed(rule.forMs)})`, 'muted')],
    ...(alone
      ? wrap(`${rule.condition}. ${rule.source}`, width - 4).map(
          (part): Line => [span(`    ${part}`, 'muted')],
        )
      : []),
    ...rule.active.map(
      ({ where, state: its, since, value }): Line => [
        span(`    ${LOOK[its].symbol} ${its} since ${clock(since)}  `, LOOK[its].tone),
        span(`${where}: ${value}`),
      ],
    ),
  ];
}
