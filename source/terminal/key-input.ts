/** Names for what the terminal sends, one name a key. */

/** The part of Ink's key that is looked at. */
export interface RawKey {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly leftArrow?: boolean;
  readonly rightArrow?: boolean;
  readonly pageDown?: boolean;
  readonly pageUp?: boolean;
  readonly home?: boolean;
  readonly end?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly ctrl?: boolean;
  readonly shift?: boolean;
  readonly tab?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
  readonly meta?: boolean;
}

/** More keys than this in one chunk is a paste: not keys that anyone pressed. */
const PASTE = 64;

/**
 * The keys of one input event, in order. Over SSH several keys arrive as one string (`jjj`), so printable runs are
 * split; a chunk of more than 64 characters is a paste and gives none. Alt combinations and F-keys give none.
 */
export function keyNames(input: string, key: RawKey): readonly string[] {
  if (key.upArrow) return ['up'];
  if (key.downArrow) return ['down'];
  if (key.leftArrow) return ['left'];
  if (key.rightArrow) return ['right'];
  if (key.pageUp) return ['pageup'];
  if (key.pageDown) return ['pagedown'];
  if (key.home) return ['home'];
  if (key.end) return ['end'];
  if (key.return) return ['enter'];
  if (key.escape) return ['esc'];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  if (key.backspace) return ['backspace'];
  if (key.delete) return ['delete'];
  if (key.ctrl) return input.length === 1 ? [`ctrl-${input.toLowerCase()}`] : [];
  if (key.meta || input.length > PASTE) return [];
  return [...input].flatMap(printable);
}

function printable(character: string): readonly string[] {
  if (character === ' ') return ['space'];
  if (character === '\r' || character === '\n') return ['enter'];
  if (character === '\t') return ['tab'];
  if (character === '\x7f' || character === '\b') return ['backspace'];
  // A control key among others: Ctrl with the letter of that number (ECMA-48, C0).
  if (character >= '\x01' && character <= '\x1a')
    return [`ctrl-${String.fromCharCode(character.charCodeAt(0) + 0x60)}`];
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? [character] : [];
}
