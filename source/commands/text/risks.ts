import { foldByMode, titleOf } from '../../store/finding-rows.js';
import type { Risk } from '../../store/risk.js';
import { sanitise } from '../../terminal/sanitise.js';
import { section } from './table.js';

const clean = (text: string): string => sanitise(text, 400);

/** Latent risks under a heading of their own, many of one kind in one row with the first of them in full; nothing for none. */
export function risksText(risks: readonly Risk[]): readonly string[] {
  const rows = foldByMode(risks).flatMap((group) => {
    const [first] = group;
    return [
      `. ${clean(titleOf(group))}  (${first.id})`,
      ...first.evidence.flatMap((row) => [
        `    ${clean(row.value)}`,
        `        ${clean(`${row.signal}, against ${row.threshold} (${row.source})`)}`,
      ]),
      ...first.fix.flatMap(({ text, command }) => [
        `    mend   ${clean(text)}`,
        ...(command === undefined ? [] : [`           $ ${clean(command)}`]),
      ]),
    ];
  });
  return section(
    `Latent risks: ${risks.length} (no findings: well now, and may fail one day; --no-risks leaves them out)`,
    rows,
  );
}
