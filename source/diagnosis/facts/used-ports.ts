import type { PortUse } from '../../probes/samples.js';
import { portUseSignal } from '../../probes/sockets/port-use-series.js';
import type { History } from '../../store/history.js';
import { apartFromHost } from './own-networks.js';
import { fresh } from './values.js';

/** The local ports that one server takes of a network. */
export interface UsedPorts {
  readonly use: PortUse;
  /** Container in whose network it is; null for the host's. */
  readonly container: string | null;
  /** Part of the ports there are, 0 to 1. */
  readonly share: number;
  readonly signal: string;
}

/** Servers that take half of the local ports of this host or of a container, the fullest first. */
export function usedPorts(history: History): UsedPorts[] {
  const own = (fresh(history.latest.sockets)?.portUse ?? []).map((use) => ofNetwork(use, null));
  const inside = apartFromHost(history).flatMap(({ name, sockets }) =>
    (sockets?.portUse ?? []).map((use) => ofNetwork(use, name)),
  );
  return [...own, ...inside].sort((a, b) => b.share - a.share);
}

const ofNetwork = (use: PortUse, container: string | null): UsedPorts => ({
  ...{ use, container, share: use.taken / use.of },
  signal: portUseSignal(use, container),
});
