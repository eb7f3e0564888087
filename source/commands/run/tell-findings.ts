import { writeFileSync } from 'node:fs';
import { type FindingsSection, findingsPage } from '../../labs/swarm/findings/page.js';
import type { CommandIo } from '../command.js';

/** Writes the findings page to its file; without one it is printed where the output is for people. */
export function tellFindings(
  sections: readonly FindingsSection[],
  {
    findings,
    json,
    io,
  }: { readonly findings: string | undefined; readonly json: boolean; readonly io: CommandIo },
): void {
  if (sections.length === 0) return;
  const page = findingsPage(sections);
  if (findings !== undefined) {
    writeFileSync(findings, page);
    io.say(`faultline: findings are in ${findings}`);
  } else if (!json) io.print(`\n${page.trimEnd()}`);
}
