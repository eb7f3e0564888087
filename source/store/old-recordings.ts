import type { ProbeOutcome } from '../probes/probe.js';
import {
  type Edge,
  type EdgeReason,
  type Edges,
  type EventsSample,
  type InsideSample,
  type MatrixSample,
  NO_EDGES,
  type PeerCount,
  REASON_TEXT,
  UNKNOWN_EDGE,
  type WorkloadEvent,
} from '../probes/samples.js';

/** An outcome as it is written today: older recordings told in words what is typed now. Others are given back as they are. */
export function asWrittenToday(outcome: ProbeOutcome): ProbeOutcome {
  if (!outcome.ok) return outcome;
  if (outcome.id === 'events') {
    const sample = outcome.sample as EventsSample;
    return { ...outcome, sample: { ...sample, events: sample.events.map(typedEvent) } };
  }
  if (outcome.id === 'matrix') {
    const sample = outcome.sample as MatrixSample;
    return { ...outcome, sample: { ...sample, cells: sample.cells.map(typedCell) } };
  }
  if (outcome.id.startsWith('inside:')) {
    const sample = outcome.sample as InsideSample;
    const peers: unknown = sample.sockets?.edges;
    if (!sample.sockets || !Array.isArray(peers)) return outcome;
    return { ...outcome, sample: { ...sample, sockets: { ...sample.sockets, edges: edgesOf(peers) } } };
  }
  return outcome;
}

/** Established sockets by peer are all that was known of edges. */
function edgesOf(peers: readonly PeerCount[]): Edges {
  const list = peers.map(({ peer, count }): Edge => {
    const colon = peer.lastIndexOf(':');
    const address = peer.slice(0, colon).replace(/^\[|\]$/g, '');
    return { ...UNKNOWN_EDGE, peer: address, port: Number(peer.slice(colon + 1)), states: { ESTAB: count } };
  });
  return { ...NO_EDGES, list };
}

/** The figures of an event whose detail tells them: `signal 9`, `exit code 137: …`, `network shop`. */
export function typedEvent(event: WorkloadEvent): WorkloadEvent {
  const { action, detail } = event;
  const [, signal] = action === 'kill' ? (/^signal (\d+)/.exec(detail) ?? []) : [];
  const [, exitCode] = action === 'die' ? (/^exit code (\d+)/.exec(detail) ?? []) : [];
  const [, network] = /^network (.+)/.exec(detail) ?? [];
  return {
    ...(signal === undefined ? {} : { signal: Number(signal) }),
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
    ...(network === undefined ? {} : { network }),
    ...event,
  };
}

const REASONS = new Map(
  Object.entries(REASON_TEXT).map(([reason, text]) => [text, reason as EdgeReason] as const),
);

function typedCell(cell: MatrixSample['cells'][number]): MatrixSample['cells'][number] {
  const reason = cell.because === undefined ? undefined : REASONS.get(cell.because);
  return reason === undefined ? cell : { ...cell, because: reason };
}
