import { edgeSignals } from '../../probes/edges/series.js';
import { bytes, count, percent } from '../../terminal/format.js';
import { LEAST_SEGMENTS, type NamedEdge } from '../facts/edges.js';
import { cannotTell, edgesOf, NO_EDGES_READ, no, type Question, sumsAround, yes } from './question.js';

/** Less waits for its acknowledgement than one full segment of the smallest usual packet (IPv6: 1280, less its headers). */
const FULL_SEGMENT = 1_220;

/** Whether full segments hang where handshakes and small ones come through. */
export const packetSize: Question = {
  id: 'packet-size',
  question: 'Did packet size matter?',
  answer(history, incident) {
    const all = edgesOf(history, incident);
    if (all.length === 0) return cannotTell(NO_EDGES_READ);
    if (all.every(({ stalled }) => stalled === null))
      return cannotTell('what hangs is not told by the table of sockets that could be read');
    const large = all.find(hangsFull);
    if (large) {
      const { after } = sumsAround(history, edgeSignals(large.label).opened, incident);
      const mtu = large.pathMtu === null ? '' : `, path MTU ${large.pathMtu}`;
      const what = `${bytes(large.sendQueue ?? 0)} towards ${large.peerText} are not acknowledged${mtu}`;
      return after > 0
        ? yes(`${what}, while ${count(after)} handshakes with it came through`)
        : cannotTell(`${what}, and no handshake with it was seen meanwhile`);
    }
    const flow = all.reduce(
      (sum, { label }) => ({
        sent: sum.sent + sumsAround(history, edgeSignals(label).sent, incident).after,
        resent: sum.resent + sumsAround(history, edgeSignals(label).resent, incident).after,
      }),
      { sent: 0, resent: 0 },
    );
    return flow.sent < LEAST_SEGMENTS
      ? cannotTell(`too little was sent since to tell: ${count(flow.sent)} data segments`)
      : no(
          `${count(flow.sent)} data segments were sent since, ${percent((100 * Math.min(flow.sent, flow.resent)) / flow.sent)} of them again, and none hangs`,
        );
  },
};

const hangsFull = ({ stalled, sendQueue }: NamedEdge): boolean =>
  (stalled ?? 0) > 0 && (sendQueue ?? 0) >= FULL_SEGMENT;
