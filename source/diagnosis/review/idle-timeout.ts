import { kindOfPort } from '../../probes/datastores/kinds.js';
import { edgeSignals } from '../../probes/edges/series.js';
import { duration, plural } from '../../terminal/format.js';
import type { NamedEdge } from '../facts/edges.js';
import { HOST_PLACE } from '../places.js';
import { cannotTell, edgesOf, NO_EDGES_READ, no, type Question, sumsAround, yes } from './question.js';

/** Our choice: a connection that was silent for so long (ms) between two requests was kept for the next one. */
const KEPT_MS = 1_000;
/** Our choice: one may be a server that was started anew. */
const LEAST_CUT = 2;
/** A flow that is silent for less (ms) is forgotten by nobody on the way (RFC 5382 asks for two hours; the shortest seen is a minute). */
const LONG_SILENCE_MS = 30_000;

/** Whether kept connections ended, or hang, right when they were used again. */
export const idleTimeout: Question = {
  id: 'idle-timeout',
  question: 'Did idle connections outlive a timeout on the path?',
  answer(history, incident) {
    const out = edgesOf(history, incident).filter(({ direction }) => direction === 'out');
    if (out.length === 0) return cannotTell(NO_EDGES_READ);
    const cut = out
      .map((edge) => {
        const { cut: ended, cutByReset } = edgeSignals(edge.label);
        // Who says goodbye before it closes looks alike, but is not reset.
        const saysGoodbye = kindOfPort(edge.port) !== undefined;
        const { before, after } = sumsAround(history, saysGoodbye ? cutByReset : ended, incident);
        return { edge, count: before + after };
      })
      .sort((a, b) => b.count - a.count)[0];
    if (cut && cut.count >= LEAST_CUT)
      return yes(
        `${plural(cut.count, 'kept connection')} ${whoText(cut.edge)} ended as they were used again`,
      );
    const hung = out.find(
      ({ stalled, idleMs }) => (stalled ?? 0) > 0 && (idleMs?.most ?? 0) >= LONG_SILENCE_MS,
    );
    if (hung)
      return yes(
        `${plural(hung.stalled ?? 0, 'connection')} ${whoText(hung)}: what was sent is not acknowledged, ${duration(hung.idleMs?.most ?? 0)} after anything last came`,
      );
    const [longest] = out
      .filter(({ idleMs }) => (idleMs?.most ?? 0) >= KEPT_MS)
      .sort((a, b) => (b.idleMs?.most ?? 0) - (a.idleMs?.most ?? 0));
    return longest
      ? no(
          `none ended or hangs as it was used again; the longest silence is ${duration(longest.idleMs?.most ?? 0)}, ${whoText(longest)}`,
        )
      : cannotTell('no connection was kept idle for a second or longer');
  },
};

const whoText = ({ owner, processes, peerText }: NamedEdge): string =>
  `of ${owner ?? processes?.[0] ?? HOST_PLACE} to ${peerText}`;
