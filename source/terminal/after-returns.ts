/**
 * What a terminal shows of a line: what stands after its carriage returns. Those at its very end move nothing. A
 * progress bar that was drawn three hundred times is its last state, and what replaced it.
 */
export function afterReturns(line: string): string {
  if (!line.includes('\r')) return line;
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
