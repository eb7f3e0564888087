import { type SearchCost, searchCost } from '../../probes/dns/search-cost.js';
import type { History } from '../../store/history.js';
import { byClient, type NameView, type ResolverView, resolvers } from './dns.js';

/** From when a search list costs too much. */
export interface SearchBounds {
  /** What its names take in one lookup (ms), and where that is no longer so. */
  readonly wasted: { readonly raise: number; readonly clear: number };
  /** The same where nobody waits long, and so many names have to be tried in vain for it. */
  readonly noticed: { readonly value: number };
  readonly noticedNames: { readonly value: number };
  /** How many times what the name alone takes. */
  readonly timesGiven: { readonly value: number };
  /** Runs in a row; or so many names tried in vain in one run, each slower than this (ms). */
  readonly runs: { readonly value: number };
  readonly slowNames: { readonly value: number };
  readonly slowName: { readonly value: number };
}

/** One name that is found at last, as one client asks for it. */
export interface SearchedName {
  readonly client: string | null;
  readonly view: ResolverView;
  readonly name: NameView;
  readonly cost: SearchCost;
  /** Seconds are lost, in one run after the other. */
  readonly slow: boolean;
  /** It costs no second, but in each run a good deal more than the name itself. */
  readonly costly: boolean;
  readonly since: number | null;
}

/** A search list through which lookups take much longer than the names themselves do. */
export interface SearchList {
  /** What is put behind a name; without the empty one. */
  readonly suffixes: readonly string[];
  /** The dearest first. */
  readonly names: readonly [SearchedName, ...SearchedName[]];
  readonly clients: readonly (string | null)[];
}

/** Every one of them, whoever has it: replicas and neighbours with the same list are one. */
export function searchLists(history: History, bounds: SearchBounds): SearchList[] {
  const lists = new Map<string, SearchedName[]>();
  for (const views of byClient(resolvers(history)))
    for (const one of searchedBy(views, bounds)) {
      const key = suffixesOf(one).join(' ');
      lists.set(key, [...(lists.get(key) ?? []), one]);
    }
  return [...lists.values()].flatMap((all) => {
    const [first, ...rest] = all.sort((a, b) => Number(b.slow) - Number(a.slow));
    if (!first) return [];
    const clients = [...new Set(all.map(({ client }) => client))];
    return [{ suffixes: suffixesOf(first).filter((one) => one !== ''), names: [first, ...rest], clients }];
  });
}

/** Of one client; a name is asked of its first nameserver first. */
function searchedBy(views: readonly ResolverView[], bounds: SearchBounds): SearchedName[] {
  const seen = new Set<string>();
  return views.flatMap((view) =>
    view.names.flatMap((name) => {
      if (seen.has(name.name)) return [];
      seen.add(name.name);
      const cost = name.sample.unsearched ? undefined : searchCost(name.sample);
      return cost === undefined || !isDear(cost, bounds) ? [] : [judged(view, name, cost, bounds)];
    }),
  );
}

/** Much dearer than the name alone, all together and each: where that is as slow it is the resolver that is. */
function isDear({ ms, vain, given }: SearchCost, { timesGiven, noticed }: SearchBounds): boolean {
  return ms >= noticed.value && ms >= timesGiven.value * given.ms && ms >= 2 * vain.length * given.ms;
}

function judged(view: ResolverView, name: NameView, cost: SearchCost, bounds: SearchBounds): SearchedName {
  const { wasted, noticed, noticedNames, runs, slowNames, slowName } = bounds;
  const lately = (least: number): number => {
    const last = name.search.findLastIndex(({ value }) => value < least);
    return name.search.length - 1 - last;
  };
  const slowOnes = cost.vain.filter(({ ms }) => ms >= slowName.value).length;
  const enough = lately(wasted.clear) >= runs.value || slowOnes >= slowNames.value;
  return {
    ...{ client: view.client, view, name, cost },
    slow: enough && cost.ms >= wasted.raise,
    costly: lately(noticed.value) > runs.value && cost.vain.length >= noticedNames.value,
    since: name.search.at(-Math.max(1, lately(noticed.value)))?.at ?? null,
  };
}

const suffixesOf = ({ name, cost }: SearchedName): string[] =>
  cost.vain.map(({ qname }) =>
    qname.toLowerCase().startsWith(`${name.name.toLowerCase()}.`) ? qname.slice(name.name.length + 1) : '',
  );
