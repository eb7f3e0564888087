import { restartFix } from '../../source/diagnosis/facts/context.js';
import type { ResolverView } from '../../source/diagnosis/facts/dns.js';
import type { Assessment } from '../../source/diagnosis/signature.js';
import { duration } from '../../source/terminal/format.js';
import type { Silence } from './silence.js';

/** A nameserver that answers, in time, all that a dead one is asked; its place counts from 0. */
export interface Spare {
  readonly view: ResolverView;
  readonly count: number;
  /** Whether the dead one is asked before it, so that every lookup waits for it first. */
  readonly second: boolean;
}

/** The nameserver that stands in for a dead one, or undefined when there is none. */
export function spareOf(dead: ResolverView, all: readonly ResolverView[]): Spare | undefined {
  const place = all.findIndex(
    (view) =>
      view !== dead &&
      view.asker === dead.asker &&
      dead.names.every((name) => view.names.some((one) => one.name === name.name && one.sample.resolved)),
  );
  const view = all[place];
  return view && { view, count: all.length, second: place > all.indexOf(dead) };
}

/** What is different where another nameserver stands in: lookups succeed, at worst after a wait. */
export function partly(silence: Silence, spare: Spare): Partial<Assessment> {
  const { view, service, refused } = silence;
  const waits = spare.second && !refused;
  return {
    title: `1 of ${spare.count} nameservers is dead: ${view.resolver}`,
    target: `lookups → resolver ${view.resolver}`,
    severity: waits ? 'warning' : 'notice',
    story: [
      refused
        ? `${view.resolver} refuses every query: nobody listens there`
        : `${view.resolver} has given no answer for ${duration(silence.silentMs)}, not even a late one`,
      `${spare.view.resolver} answers in ${answerTime(spare.view)}, so lookups still succeed`,
      waits
        ? 'it is asked first: every lookup waits for it before the next is asked'
        : 'nobody waits for it, but nothing is left to stand in for the other',
    ],
    fix: [
      restartFix(
        service,
        view.resolver,
        `start ${service?.name ?? `the resolver at ${view.resolver}`} again`,
        refused,
      ),
      { when: 'now', text: `take ${view.resolver} out of resolv.conf until it answers` },
      { when: 'later', text: 'options timeout:1 attempts:2 in resolv.conf; the default waits 5 s' },
    ],
    // Lookups succeed, so it is the cause of nothing else.
    reach: { reaches: [] },
  };
}

const answerTime = ({ names }: ResolverView): string =>
  duration(Math.max(...names.map((name) => name.sample.totalMs)));
