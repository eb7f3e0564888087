import { certificateEnd } from './certificate-end.js';
import { conntrackRoom } from './conntrack-room.js';
import { keepAliveOrder } from './keep-alive-order.js';
import { lateKeepAlive } from './late-keep-alive.js';
import { masquerade } from './masquerade.js';
import { mtuStep } from './mtu-step.js';
import { noHealthCheck } from './no-health-check.js';
import { noCpuLimit, noMemoryLimit } from './no-limits.js';
import { oneResolver } from './one-resolver.js';
import { openFiles } from './open-files.js';
import type { RiskKind } from './risk-kind.js';
import { searchedNames } from './searched-names.js';

/** Every kind of latent risk, in the order in which they are told. A new one is a file and a line here. */
export const RISK_KINDS: readonly RiskKind[] = [
  certificateEnd,
  openFiles,
  conntrackRoom,
  lateKeepAlive,
  keepAliveOrder,
  mtuStep,
  masquerade,
  oneResolver,
  searchedNames,
  noMemoryLimit,
  noCpuLimit,
  noHealthCheck,
];
