import type { Snapshot, SnapshotDifference } from '../fault-plan.js';

/** Anything of a fault of ours carries its id. */
const OURS = /faultline_([0-9a-z]+)/;

export interface DifferenceOptions {
  /** The fault that is judged: what other faults of ours put there is theirs, and left out. */
  readonly fault?: string;
  /** Lines that are left out besides, because something else that is known changes them. */
  readonly ignore?: (section: string, line: string) => boolean;
  /** Sections that are compared; default all. */
  readonly only?: (section: string) => boolean;
}

/**
 * What differs between two snapshots, one line each, with the section before it; empty when they are the same. A
 * section that one of them could not read is not compared.
 */
export function snapshotDifference(
  before: Snapshot,
  after: Snapshot,
  options: DifferenceOptions = {},
): SnapshotDifference {
  const sections = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return sections
    .filter((section) => options.only?.(section) ?? true)
    .flatMap((section) => {
      const was = before[section];
      const is = after[section];
      if (was === is || isOthers(section, options.fault)) return [];
      if ((was === undefined || is === undefined) && !section.startsWith('nft ')) return [];
      return differsIn(section, was, is, options);
    });
}

const isOthers = (text: string, fault: string | undefined): boolean => {
  const id = OURS.exec(text)?.[1];
  return id !== undefined && fault !== undefined && id !== fault;
};

function differsIn(
  section: string,
  was: string | undefined,
  is: string | undefined,
  { fault, ignore }: DifferenceOptions,
): SnapshotDifference {
  const lines = (text: string | undefined): string[] =>
    (text ?? '')
      .split('\n')
      .filter((line) => line !== '' && !isOthers(line, fault) && !(ignore?.(section, line) ?? false));
  const [old, now] = [lines(was), lines(is)];
  const gone = without(old, now);
  const come = without(now, old);
  const found = [
    ...gone.map((line) => `${section}: gone: ${line.trim()}`),
    ...come.map((line) => `${section}: new: ${line.trim()}`),
  ];
  if (found.length > 0) return found;
  if (was === undefined || is === undefined)
    return ignore?.(section, '') ? [] : [`${section}: ${was === undefined ? 'new' : 'gone'}`];
  return old.join('\n') === now.join('\n') ? [] : [`${section}: in another order`];
}

/** The lines of `a` that `b` has fewer of. */
function without(a: readonly string[], b: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) + 1);
  return a.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}
