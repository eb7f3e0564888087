import type { DnsNameSample } from './sample.js';

/**
 * Whether a client is given an address for a name by any of the nameservers that it asks; or whether it does not matter:
 * of a name that was only seen to be asked for, a denial is an answer like others.
 */
export const isGiven = (names: readonly DnsNameSample[], { name }: DnsNameSample): boolean =>
  names.some((one) => one.name === name && (one.resolved || (one.learnt === true && isDenial(one))));

const isDenial = ({ steps }: DnsNameSample): boolean =>
  steps.length > 0 && steps.every(({ outcome }) => outcome === 'NXDOMAIN' || outcome === 'NODATA');
