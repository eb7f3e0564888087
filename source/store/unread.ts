import type { FaultlineState, ProbeHealth } from './state.js';

/** Those that gave no figure when last asked. What nobody asked for is not missing. */
export const unreadProbes = (probes: readonly ProbeHealth[]): readonly ProbeHealth[] =>
  probes
    .filter((probe) => probe.state === 'failing' || probe.state === 'unavailable')
    .filter((probe) => probe.kind !== 'not-configured');

/**
 * What keeps "all is well" from being said of everything: sources that gave no figure, and rules that threw. A source
 * whose module is not loaded has nothing to be read, and is not missed.
 */
export const unjudged = ({
  probes,
  failedRules,
}: Pick<FaultlineState, 'probes' | 'failedRules'>): readonly string[] => [
  ...unreadProbes(Object.values(probes))
    .filter(({ kind }) => kind !== 'not-loaded')
    .map(({ title }) => title),
  ...failedRules.map(({ id }) => `the rule of ${id}`),
];
