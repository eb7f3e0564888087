import type { Edge, Edges } from './sample.js';

/** The same edges in a look in which nothing had moved since. */
export function unmoved(edges: Edges): Edges {
  return { ...edges, list: edges.list.map(still) };
}

const still = ({
  cut: _cut,
  givenUp: _givenUp,
  toClosed: _toClosed,
  bulk: _bulk,
  idleEndMs: _idle,
  servedMs: _served,
  ...edge
}: Edge): Edge => ({
  ...edge,
  ...(edge.sent === null ? {} : { sent: 0, resent: 0, received: 0, outOfOrder: 0 }),
  ...(edge.opened === null ? {} : { opened: 0, lateOpened: 0, closed: 0, failed: 0 }),
  receiverLimited: null,
});
