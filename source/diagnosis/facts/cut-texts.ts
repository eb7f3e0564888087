import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import type { Cut } from './cuts.js';
import { reachedBy } from './meanwhile.js';
import { isNoWay, noWayText } from './no-way.js';
import { noWayFix, packetsFix } from './packets-fix.js';
import { readSince } from './read-since.js';

/** Whether no packet leaves its sources at all. */
export const neverLeaves = ({ connections: dead }: Cut): boolean => dead.every(isNoWay);

/** Who knows no way has the route or the rule that is to be looked for. */
export function cutFix(history: History, { noWay: [first], shared }: Cut): Fix {
  return first ? noWayFix(history, first.source, first.address) : packetsFix(history, shared, 'drops');
}

/** Which direction is cut is told by who holds half-open connections: he heard a SYN and was not heard. */
export function cutTitle(cut: Cut, from: string, to: string): string {
  const { heard, heardBack } = cut;
  if (neverLeaves(cut)) return `Partition: no way leads from ${from} to ${to}`;
  if (heard > 0) return `One-way partition: ${from}→${to} works, ${to}→${from} dropped`;
  return heardBack > 0
    ? `One-way partition: ${to}→${from} works, ${from}→${to} dropped`
    : `Partition: ${from} cannot reach ${to}, packets between them are dropped`;
}

/** What is seen of it, in sentences. */
export function cutStory(history: History, cut: Cut, from: string, to: string): string[] {
  const ms = Math.max(...cut.connections.map(({ cell }) => cell.ms ?? 0));
  const reached = reachedBy(readSince(history, cut.since), cut.targets, cut.sources);
  const told = cut.noWay.slice(0, 2).map((one) => `${one.source} → ${one.target}: ${noWayText(one)}`);
  return [
    ...(neverLeaves(cut)
      ? []
      : [`${from} tries to connect to ${to} and hears nothing for ${duration(ms)}: not refused, not slow`]),
    ...(told.length > 0 ? told : [directionText(cut, to)]),
    ...(reached ? [`at the same time ${reached}`] : []),
  ];
}

function directionText({ heard, heardBack }: Cut, to: string): string {
  if (heard > 0)
    return `${to} holds ${plural(heard, 'half-open connection')} from there: what is sent to it arrives, what it answers does not`;
  return heardBack > 0
    ? `what ${to} sends arrives, what is sent to it does not: one direction is cut`
    : `${to} has no half-open connection from there: nothing arrives`;
}
