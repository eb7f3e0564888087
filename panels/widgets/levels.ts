import { SYMBOL } from '../../source/terminal/symbols.js';
import type { Tone } from '../../source/terminal/theme.js';

/** How a figure is judged on the screen. `unknown` is neither healthy nor sick. */
export type Level = 'critical' | 'warning' | 'notice' | 'unknown' | 'ok';

/** The symbol of a level; a word always stands beside it. */
export const LEVEL_SYMBOL: Readonly<Record<Level, string>> = {
  critical: SYMBOL.critical,
  warning: SYMBOL.warning,
  notice: SYMBOL.notice,
  unknown: SYMBOL.unknown,
  ok: SYMBOL.ok,
};

export const LEVEL_TONE: Readonly<Record<Level, Tone>> = {
  critical: 'critical',
  warning: 'warning',
  notice: 'notice',
  unknown: 'unknown',
  ok: 'ok',
};

/** True for the levels that a person has to look at. */
export const isSick = (level: Level): boolean =>
  level === 'critical' || level === 'warning' || level === 'notice';
