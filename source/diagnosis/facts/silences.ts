import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import type { Thresholds } from '../threshold.js';
import { hostOf } from './addresses.js';
import {
  answered,
  givenElsewhere,
  type ResolverView,
  resolverService,
  resolvers,
  wasAnswered,
} from './dns.js';
import { failing } from './http.js';
import { askersOf } from './resolver-clients.js';
import { answersNobody } from './services.js';
import { earliest, known } from './values.js';

/** From when a resolver that says nothing is dead, by what weighs nothing itself. */
export const WITHOUT_AN_ANSWER = {
  silenceFelt: {
    unit: 'ms',
    value: 4000,
    source:
      'our choice: two lookups in a row that nobody answered, where the lookups of users are seen to fail',
  },
  silentRuns: { unit: 'runs', value: 2, source: 'our choice: one lost datagram is no outage' },
  lateAnswer: { unit: 'ms', windowMs: 10_000, source: 'our choice: an answer is a sign of life' },
} as const satisfies Thresholds;

/** The same by what a mode weighs. */
export interface SilenceBounds {
  /** Silence after which a slow resolver is excluded (ms); less where users' own lookups are seen to fail. */
  readonly silence: { readonly value: number };
  /** Questions of others that went unanswered, for as long as `silenceFelt`, while nobody was answered. */
  readonly unheardQuestions: { readonly value: number };
  /** Runs in a row that ended in an ICMP refusal. */
  readonly refusedRuns: { readonly value: number };
}

/** How one resolver keeps silent towards one client: nothing but refusedRuns or silence in the last run of every name. */
export interface Silence {
  readonly view: ResolverView;
  /** Who asks it: containers by name, null for this host. */
  readonly askers: readonly (string | null)[];
  readonly service: ServiceSample | undefined;
  readonly refused: boolean;
  /** No question has left: no route leads to its address, or it is forbidden. It may be well. */
  readonly noWay: boolean;
  /** No question has left, because a rule of the packet filter here forbids it (send(2): EPERM). */
  readonly forbidden: boolean;
  readonly silentMs: number;
  /** Silent in a way that no queue explains. */
  readonly dead: boolean;
  /** Another nameserver that answers, in time, all that this one is asked. */
  readonly spare: Spare | undefined;
}

/** A nameserver that stands in for a dead one. */
export interface Spare {
  readonly view: ResolverView;
  /** How many its client has. */
  readonly count: number;
  /** Whether the dead one is asked before it and does not refuse, so that every lookup waits for it first. */
  readonly waits: boolean;
}

/**
 * The resolvers that keep silent, each as each of its clients sees it: of one that several ask, what the hardest hit of
 * them sees comes first. A server that gives others the same names is not dead: the way to it is, and it is left out.
 */
export function silences(history: History, bounds: SilenceBounds): Silence[] {
  const all = resolvers(history);
  const found = all.flatMap((view) => {
    const silence = silenceOf(history, view, all, bounds);
    return silence && !givenElsewhere(view, all) ? [silence] : [];
  });
  const worth = ({ dead, spare }: Silence): number => (dead ? (spare ? 1 : 2) : 0);
  return found.sort((a, b) => worth(b) - worth(a));
}

/** What one resolver answers, or undefined where it does not. */
export function signOfLife(history: History, view: ResolverView): string | undefined {
  const { names } = view;
  const service = resolverService(history, view);
  // What it answered a while ago does not clear one that is gone or frozen now.
  if (service && answersNobody(service)) return undefined;
  const steps = names.flatMap((name) => name.sample.steps);
  if (steps.some((one) => one.outcome === 'refused' && !one.truncated)) return undefined;
  const step = steps.find((one) => answered(one.outcome));
  if (step) return `it answers: ${step.outcome} in ${duration(step.ms)}`;
  const late = names.flatMap((name) => name.late).at(-1) ?? names.flatMap((name) => name.slow).at(-1);
  return late && `it still answers, after ${duration(late.value)}`;
}

function silenceOf(
  history: History,
  view: ResolverView,
  all: readonly ResolverView[],
  bounds: SilenceBounds,
): Silence | undefined {
  const { names } = view;
  const steps = names.flatMap((name) => name.sample.steps);
  if (steps.length === 0 || steps.some(wasAnswered)) return undefined;
  const refused = steps.every(({ outcome }) => outcome === 'refused' || outcome === 'unreachable');
  const noWay = steps.every(({ outcome }) => outcome === 'unreachable');
  const service = resolverService(history, view);
  // What came late a moment ago says nothing of a process that has ended since, or was frozen.
  const over = service !== undefined && answersNobody(service);
  const lateSince = history.now - WITHOUT_AN_ANSWER.lateAnswer.windowMs;
  const late = names.some((name) => name.late.some(({ at }) => at > lateSince));
  if (late && !refused && !over) return undefined;
  const started = earliest(...names.map(({ failingSince }) => failingSince));
  const ownMs = history.now - (view.lastAnswerAt ?? started ?? history.now);
  const silentMs = Math.max(ownMs, othersWait(view, bounds) ? (view.unheard?.ms ?? 0) : 0);
  const spare = spareOf(view, all, refused);
  // Whoever asks it first is seen to wait, and not for the one that stands in.
  const heldUp =
    spare?.waits === true && lookupsWait(history, view.client, WITHOUT_AN_ANSWER.silenceFelt.value);
  return {
    view,
    askers: askersOf(history, view),
    service,
    refused,
    noWay,
    forbidden: noWay && steps.every(({ code }) => code === 'EPERM'),
    silentMs,
    // A process that is seen to be gone or frozen needs no waiting for late answers.
    dead: over || lasts(history, view, { refused, silentMs, heldUp }, bounds),
    spare,
  };
}

function lasts(
  history: History,
  view: ResolverView,
  {
    refused,
    silentMs,
    heldUp,
  }: { readonly refused: boolean; readonly silentMs: number; readonly heldUp: boolean },
  bounds: SilenceBounds,
): boolean {
  const { names, client } = view;
  const { silentRuns, silenceFelt } = WITHOUT_AN_ANSWER;
  const { refusedRuns, silence } = bounds;
  const runs = Math.max(...names.map(({ failed }) => failed));
  if (refused) return runs >= refusedRuns.value;
  const unheard = othersWait(view, bounds);
  const felt =
    unheard ||
    heldUp ||
    (client === null && failing(history).some(({ sample }) => sample.failure?.phase === 'dns')) ||
    waitsInVain(history, client, silenceFelt.value);
  const queue = names.some(({ slow }) => slow.length > 0);
  // What others were not told counts like a lookup of our own.
  return (
    runs + (unheard ? 1 : 0) >= silentRuns.value && silentMs >= (felt && !queue ? silenceFelt : silence).value
  );
}

/** Whether enough questions of others went unanswered. */
const othersWait = ({ unheard }: ResolverView, { unheardQuestions }: SilenceBounds): boolean =>
  (unheard?.asked ?? 0) >= unheardQuestions.value;

/** Readings in a row in which lookups waited. */
const WAITING_READINGS = 2;

/** Whether lookups of others than us wait in every reading. */
function lookupsWait(history: History, client: string | null, ms: number): boolean {
  // A container is looked at every five seconds.
  const waiting = known(history, `sockets.askers${labelOf(client)}`, Math.max(ms, 10_000));
  return (
    waiting.length >= WAITING_READINGS && waiting.slice(-WAITING_READINGS).every(({ value }) => value > 0)
  );
}

const labelOf = (client: string | null): string => (client === null ? '' : `{${client}}`);

/** Whether they do and not one datagram of any kind has come in: no queue does that. */
function waitsInVain(history: History, client: string | null, ms: number): boolean {
  const came = known(history, `kernel.Udp.InDatagrams${labelOf(client)}`, ms);
  return lookupsWait(history, client, ms) && came.length > 0 && came.every(({ value }) => value === 0);
}

function spareOf(dead: ResolverView, all: readonly ResolverView[], refused: boolean): Spare | undefined {
  const own = all.filter(({ client }) => client === dead.client);
  const view = own.find(
    (one) =>
      one !== dead &&
      dead.names.every(({ name }) => one.names.some((its) => its.name === name && its.sample.resolved)),
  );
  return view && { view, count: own.length, waits: !refused && own.indexOf(view) > own.indexOf(dead) };
}

/** How a question to one that refuses them comes back, in a row of evidence. */
export function refusalText({ view: { resolver }, noWay, forbidden }: Silence): string {
  if (forbidden) return `no question may leave for ${resolver} (EPERM)`;
  return noWay ? `no route to ${resolver}` : 'refused by ICMP';
}

/** How it gives no answer, in words. */
export function silenceText({ view, refused, noWay, forbidden, silentMs }: Silence): string {
  const { resolver } = view;
  if (forbidden)
    return `the packet filter forbids what is sent to ${hostOf(resolver)} (EPERM): no question leaves for it`;
  if (noWay) return `no route to ${hostOf(resolver)}: no query leaves for it`;
  return refused
    ? `${resolver} refuses every query: nobody listens there`
    : `${resolver} has given no answer for ${duration(silentMs)}, not even a late one`;
}

/** What the nameserver that stands in gives, and who waits for the other all the same. */
export const spareText = ({ view, waits }: Spare): string[] => [
  `${view.resolver} answers in ${duration(Math.max(...view.names.map(({ sample }) => sample.totalMs)))}, so lookups still succeed`,
  waits
    ? 'it is asked first: every lookup waits for it before the next is asked'
    : 'nobody waits for it, but nothing is left to stand in for the other',
];
