import type { FailureMode } from '../../../scenarios/failure-mode.js';
import { indent, section } from '../text/table.js';
import type { Term } from './glossary.js';
import type { Explainable, Explanation } from './look-up.js';

/** Columns that lists and sentences are wrapped to: what fits everywhere. */
const WIDTH = 80;

/** Everything that can be asked for. */
export function listText({ modes, terms }: Explainable): string {
  return [
    'Failure modes',
    indent(
      wrapped(
        modes.map(({ id }) => id),
        ', ',
      ),
    ),
    '',
    'Words',
    indent(
      wrapped(
        terms.map(({ word }) => word),
        ', ',
      ),
    ),
    '',
    'faultline explain <id or word> explains one; --json gives them all with their sentences.',
  ].join('\n');
}

/** One failure mode in short, one word, or both where a word is both. */
export function explanationText({ mode, term }: Explanation): string {
  return [...(mode ? [modeText(mode)] : []), ...(term ? [termText(term)] : [])].join('\n\n');
}

function modeText(mode: FailureMode): string {
  return [
    `${mode.title}  (${mode.id}, ${mode.severity})`,
    sentence(mode.summary),
    ...section('What it looks like', bullets(mode.symptoms)),
    ...section(
      'How it is told apart',
      bullets(mode.confusedWith.map(({ id, tellApart }) => `${id}: ${tellApart}`)),
    ),
    ...section('Fix', bullets(mode.fix)),
    '',
    `faultline scenarios ${mode.id} prints it whole.`,
  ].join('\n');
}

function termText({ word, aliases, sentence: text }: Term): string {
  return `${word}${aliases.length > 0 ? `  (${aliases.join(', ')})` : ''}\n${indent(sentence(text))}`;
}

const sentence = (text: string): string => wrapped(text.split(' '), ' ');

const bullets = (lines: readonly string[]): string[] =>
  lines.flatMap((line) =>
    sentence(line)
      .split('\n')
      .map((part, i) => `${i === 0 ? '- ' : '  '}${part}`),
  );

/** Pieces joined into lines of at most WIDTH columns less the indent; a piece is never broken. */
function wrapped(pieces: readonly string[], joint: string): string {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const longer = `${last}${joint}${piece}`;
    if (last !== undefined && longer.length <= WIDTH - 4) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.join(`${joint.trimEnd()}\n`);
}

/** As JSON: what a script can count on; null where it is not that. */
export function explanationJson({ mode, term }: Explanation) {
  return {
    schema: 'faultline/explain/1',
    mode: mode
      ? {
          id: mode.id,
          title: mode.title,
          severity: mode.severity,
          summary: mode.summary,
          symptoms: mode.symptoms,
          confusedWith: mode.confusedWith,
          fix: mode.fix,
        }
      : null,
    word: term ?? null,
  };
}

export function listJson({ modes, terms }: Explainable) {
  return {
    schema: 'faultline/glossary/1',
    modes: modes.map(({ id, title, summary }) => ({ id, title, summary })),
    words: terms,
  };
}
