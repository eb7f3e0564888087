import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EXIT } from '../command.js';
import { Refused } from '../refused.js';
import type { BenchKind, Measured, Told } from './measured.js';

/** What `npm run field -- --results FILE` keeps of a case, as far as it is counted here. */
const ROW = z.object({
  case: z.string(),
  kind: z.enum(['claimed', 'unclaimed', 'control', 'double']),
  /** A pattern of ids, `a|b`; of two at once one for each, `a&b`. */
  expect: z.string(),
  verdict: z.string(),
  named: z.string().nullish(),
  title: z.string().nullish(),
  confidence: z.number().nullish(),
  /** `id severity`, and `<key` of what explains it. */
  all: z.array(z.string()).default([]),
  error: z.string().optional(),
});
type Row = z.infer<typeof ROW>;

const KINDS: Readonly<Record<Row['kind'], BenchKind>> = {
  ...{ claimed: 'cause', unclaimed: 'cause', control: 'control', double: 'pair' },
};

/** The runs of field cases, as they were kept. Throws Refused where the file is none of those. */
export function readFieldResults(file: string): Measured[] {
  try {
    const rows = z.array(ROW).parse(JSON.parse(readFileSync(file, 'utf8')));
    return rows.map((row, i) =>
      measuredOf(row, rows.slice(0, i).filter((one) => one.case === row.case).length),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === undefined ? 'it is not what npm run field -- --results FILE writes' : code;
    throw new Refused(`cannot read ${file}: ${why}`, EXIT.unavailable);
  }
}

function measuredOf(row: Row, before: number): Measured {
  const kind = KINDS[row.kind];
  const right = row.verdict.startsWith('right');
  return {
    ...{ kind, what: row.case, round: before + 1, namedMs: null, load: 0, at: 0 },
    wanted: kind === 'control' ? [] : wantedOf(row),
    told: toldOf(row, kind),
    placed: right && row.kind === 'claimed' ? row.verdict === 'right' : null,
    reason: row.error ?? null,
  };
}

/** What a pattern asks for: the name that was told where it is one of them, else all of them. */
function wantedOf({ expect, named, verdict, kind }: Row): string[] {
  if (kind === 'double') return expect.split('&').map((one) => one.split('|')[0] ?? one);
  return verdict.startsWith('right') && named ? [named] : expect.split('|');
}

function toldOf({ named, title, confidence, all }: Row, kind: BenchKind): Told[] {
  const top = named ? [{ id: named, title: title ?? named, score: confidence ?? 0 }] : [];
  if (kind === 'cause') return top;
  const alone = all.filter((one) => !one.includes(' <') && !one.includes(' notice'));
  const others = alone.map((one) => one.split(' ')[0] ?? one).filter((id) => id !== named);
  return [...top, ...others.map((id) => ({ id, title: id, score: 0 }))];
}
