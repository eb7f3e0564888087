import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { type TargetView, targets } from '../facts/http.js';
import { fresh } from '../facts/values.js';
import { HOST_PLACE } from '../places.js';
import { cannotTell, edgesOf, type Incident, no, type Question, yes } from './question.js';

/** Of what a client waited for, what was waiting (for a lookup, a place in the queue, somebody else) and what was work. */
export const waiting: Question = {
  id: 'waiting',
  question: 'Was waiting told apart from working?',
  answer(history, incident) {
    const slowest = [...targets(history)].sort((a, b) => b.sample.totalMs - a.sample.totalMs)[0];
    const waits = waitsOf(history, incident);
    if (!slowest && waits.length === 0)
      return cannotTell('no target was given, and nobody was seen to wait for anybody');
    const seen = slowest ? [phasesOf(slowest), ...waits] : waits;
    return waits.length > 0
      ? yes(seen.join('; '))
      : no(
          `${seen.join('; ')}; what that was spent on was not seen: no queue, no lookup and no request of its own waits`,
        );
  },
};

function phasesOf({ target, sample }: TargetView): string {
  const { connect, firstByte } = sample.phases;
  const parts = [
    ...(connect === null ? [] : [`${duration(connect)} to connect`]),
    firstByte === null
      ? `no first byte in ${duration(sample.totalMs)}`
      : `${duration(firstByte)} for the first byte`,
  ];
  return `${target}: ${parts.join(', ')}`;
}

function waitsOf(history: History, incident: Incident): string[] {
  const asked = edgesOf(history, incident)
    .filter(({ direction, unanswered }) => direction === 'out' && (unanswered?.count ?? 0) > 0)
    .sort((a, b) => (b.unanswered?.longestMs ?? 0) - (a.unanswered?.longestMs ?? 0))[0];
  const queue = (fresh(history.latest.sockets)?.listeners ?? []).find(({ queued }) => queued > 0);
  const lookups = (fresh(history.latest.sockets)?.dnsAskers ?? []).reduce((sum, { count }) => sum + count, 0);
  return [
    ...(asked?.unanswered
      ? [
          `${asked.owner ?? asked.processes?.[0] ?? HOST_PLACE} waits for ${asked.peerText}: ${plural(asked.unanswered.count, 'request')}, the oldest for ${duration(asked.unanswered.longestMs)}`,
        ]
      : []),
    ...(queue ? [`${plural(queue.queued, 'connection')} in the queue of port ${queue.port}`] : []),
    ...(lookups > 0 ? [`${plural(lookups, 'lookup')} without an answer`] : []),
  ];
}
