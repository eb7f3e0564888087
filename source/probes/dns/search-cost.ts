import type { DnsNameSample, DnsStep } from './sample.js';

/** What one lookup spent on other names of its search list before the one that gave it an address. Times are ms. */
export interface SearchCost {
  /** Names that gave none, in the order they were asked, and how long each took. */
  readonly vain: readonly { readonly qname: string; readonly ms: number; readonly answered: boolean }[];
  /** All of them together. */
  readonly ms: number;
  /** The name that gave the address, and how long it took alone. */
  readonly given: { readonly qname: string; readonly ms: number };
}

/**
 * Undefined where the first name that was asked gave the address, none did, or one of two questions was lost on the way:
 * then it is not the list that costs the time.
 */
export function searchCost({ steps }: Pick<DnsNameSample, 'steps'>): SearchCost | undefined {
  const asked = [...new Set(steps.map(({ qname }) => qname))].map((qname) => ended(qname, steps));
  const given = asked.find(({ end }) => end === 'given');
  const vain = asked.slice(0, given ? asked.indexOf(given) : 0);
  if (!given || vain.length === 0 || vain.some(({ end }) => end === 'in part')) return undefined;
  return {
    vain: vain.map(({ qname, ms, end }) => ({ qname, ms, answered: end === 'denied' })),
    ms: vain.reduce((sum, { ms }) => sum + ms, 0),
    given: { qname: given.qname, ms: given.ms },
  };
}

type End = 'given' | 'denied' | 'silent' | 'in part';

function ended(qname: string, all: readonly DnsStep[]): { qname: string; ms: number; end: End } {
  const steps = all.filter((step) => step.qname === qname);
  const silent = steps.filter(({ outcome }) => outcome === 'timeout').length;
  const refused = steps.some(({ outcome }) => outcome === 'refused' || outcome === 'unreachable');
  const partly = refused || (silent > 0 && silent < steps.length);
  const given = steps.some(({ addresses }) => addresses.length > 0);
  return {
    qname,
    ms: Math.max(...steps.map(({ ms }) => ms)),
    end: given ? 'given' : partly ? 'in part' : silent > 0 ? 'silent' : 'denied',
  };
}

/** The same as a figure of a series: ms, 0 where the list cost nothing. */
export const searchFigure = (sample: Pick<DnsNameSample, 'steps'>): number => searchCost(sample)?.ms ?? 0;
