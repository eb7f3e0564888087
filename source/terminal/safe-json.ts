import { maskField } from '../secrets.js';

/** DEL, C1, bidirectional and other format controls, and separators that some readers take for line ends. */
const CONTROLS = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value as JSON that a terminal can be shown: secrets are left out, and every control character in it is written as
 * `\uXXXX`, so that nothing else is lost. `indent` is the number of blanks a level, all on one line without.
 */
export function safeJson(value: unknown, indent?: number): string {
  // Outside of its strings JSON has none of these, and C0 is escaped by JSON itself (RFC 8259, 7).
  return JSON.stringify(value, maskField, indent).replace(CONTROLS, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
