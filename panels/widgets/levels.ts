import type { Level } from '../../source/store/signs/level.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import type { Tone } from '../../source/terminal/theme.js';
import { type Span, span } from '../panel.js';

export type { Level };

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

/** A figure with the symbol and the tone of its level; as it stands where it is well. */
export const levelSpan = (level: Level, text: string): Span =>
  level === 'ok' ? span(text) : span(`${LEVEL_SYMBOL[level]} ${text}`, LEVEL_TONE[level]);

/** True for the levels that a person has to look at. */
export const isSick = (level: Level): boolean =>
  level === 'critical' || level === 'warning' || level === 'notice';
