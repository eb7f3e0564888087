import { readFileSync } from 'node:fs';

/** One word of the glossary. */
export interface Term {
  /** As it is written on the screens. */
  readonly word: string;
  /** Other names that people use or that older versions printed. */
  readonly aliases: readonly string[];
  /** What it is, in one sentence. */
  readonly sentence: string;
}

/** `- **word** (alias, alias) — sentence.` */
const ENTRY = /^- \*\*(?<word>.+?)\*\*(?: \((?<aliases>.+?)\))? — (?<sentence>.+)$/;

/** The entries of a page of the glossary, in its order; other lines are prose. */
export function parseGlossary(markdown: string): readonly Term[] {
  return markdown.split('\n').flatMap((line) => {
    const { word, aliases, sentence } = ENTRY.exec(line)?.groups ?? {};
    return word === undefined || sentence === undefined
      ? []
      : [{ word, aliases: aliases?.split(', ') ?? [], sentence }];
  });
}

/** The glossary. Its one home is docs/glossary.md, which the build puts beside the program as it is. */
export function readGlossary(): readonly Term[] {
  return parseGlossary(readFileSync(new URL('../../../docs/glossary.md', import.meta.url), 'utf8'));
}
