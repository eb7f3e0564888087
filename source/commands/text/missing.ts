import type { Capability } from '../../probes/capabilities.js';
import type { BlindMode, FailedRule } from '../../store/finding.js';
import { blindByLack } from '../../store/finding-rows.js';
import type { ProbeHealth } from '../../store/state.js';
import { unreadProbes } from '../../store/unread.js';
import { sanitise } from '../../terminal/sanitise.js';

/** What could not be read, why, and the command that grants it; one row each. */
export function missingRows(
  probes: readonly ProbeHealth[],
  capabilities: readonly Capability[],
): readonly (readonly string[])[] {
  const fromProbes = unreadProbes(probes).map((probe) => row(probe.title, probe.reason, probe.mend));
  const told = new Set(fromProbes.map(([title]) => title));
  const fromHost = capabilities
    .filter((capability) => capability.state !== 'yes')
    .map((capability) => row(capability.title, capability.reason, capability.mend))
    .filter(([title]) => !told.has(title as string));
  return [...fromProbes, ...fromHost];
}

function row(title: string, reason: string | null | undefined, mend: string | null | undefined): string[] {
  return [
    sanitise(title, 80),
    sanitise(reason ?? 'no reason given'),
    ...(mend ? [`$ ${sanitise(mend)}`] : []),
  ];
}

/** A rule of the diagnosis that threw; it is no source, and what it reads may well have been read. */
export function failedRuleText({ id, reason }: FailedRule): string {
  return `rule ${id} failed: ${sanitise(reason)}`;
}

/** What each missing source keeps from being judged, one row a source. */
export function blindRows(blind: readonly BlindMode[]): readonly (readonly string[])[] {
  return [...blindByLack(blind)].map(([lack, modes]) => [`without ${lack}`, modes]);
}
