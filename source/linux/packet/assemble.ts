import type { Instruction } from './packet-socket.js';

/** A line of a packet filter: a label, or an instruction whose jumps name labels (absent: the next line). */
export type FilterLine =
  | string
  | { readonly code: number; readonly k: number; readonly yes?: string; readonly no?: string };

/** Makes instructions of lines: a jump counts from the instruction behind it, forwards. Throws for an unknown label. */
export function assemble(lines: readonly FilterLine[]): Instruction[] {
  const labels = new Map<string, number>();
  const code: Exclude<FilterLine, string>[] = [];
  for (const line of lines) {
    if (typeof line === 'string') labels.set(line, code.length);
    else code.push(line);
  }
  return code.map(({ code: operation, k, yes, no }, i) => {
    const jump = (label: string | undefined): number => {
      if (label === undefined) return 0;
      const at = labels.get(label);
      if (at === undefined || at <= i) throw new Error(`no label "${label}" behind instruction ${i}`);
      return at - i - 1;
    };
    return [operation, jump(yes), jump(no), k];
  });
}
