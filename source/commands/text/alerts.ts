import type { AlertRule } from '../../store/alert-rule.js';
import { clock, elapsed } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';

/** A row for each place at which an alert is pending or fires. */
export const activeRows = (rules: readonly AlertRule[]): string[][] =>
  rules.flatMap(({ name, active, forMs }) =>
    active.map(({ state, where, since, value }) => [
      state,
      name,
      `${sanitise(where, 120)}: ${sanitise(value)}, since ${clock(since)} (for: ${elapsed(forMs)})`,
    ]),
  );

/** Every alert: its state, its condition and its `for`, and below it where it is pending or fires. */
export function alertRows(rules: readonly AlertRule[]): string[][] {
  return rules.flatMap((rule) => [
    [
      rule.state,
      rule.name,
      `${rule.condition} (for: ${elapsed(rule.forMs)})${rule.reason ? `: ${rule.reason}` : ''}`,
    ],
    ...activeRows([rule]).map(([state = '', , text = '']) => ['', `  ${state}`, text]),
  ]);
}

/** An alert as JSON: times as ISO text. */
export const alertJson = ({ active, ...rule }: AlertRule) => ({
  ...rule,
  active: active.map(({ since, ...one }) => ({ ...one, since: new Date(since).toISOString() })),
});
