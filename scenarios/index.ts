import type { Mode } from '../source/diagnosis/mode.js';
import { closeWaitLeak } from './close-wait-leak/index.js';
import { connectionStorm } from './connection-storm/index.js';
import { conntrackFull } from './conntrack-full/index.js';
import { containerCannotStart } from './container-cannot-start/index.js';
import { containerKill } from './container-kill/index.js';
import { containerPaused } from './container-paused/index.js';
import { containerUnhealthy } from './container-unhealthy/index.js';
import { cpuLimit } from './cpu-limit/index.js';
import { databaseConnections } from './database-connections/index.js';
import { databaseDown } from './database-down/index.js';
import { dnsFailure } from './dns-failure/index.js';
import { dnsSearchPath } from './dns-search-path/index.js';
import { drainGap } from './drain-gap/index.js';
import type { FailureMode } from './failure-mode.js';
import { flappingReplica } from './flapping-replica/index.js';
import { httpErrors } from './http-errors/index.js';
import { idleReset } from './idle-reset/index.js';
import { keepaliveRace } from './keepalive-race/index.js';
import { latency } from './latency/index.js';
import { listenOverflow } from './listen-overflow/index.js';
import { memoryLimit } from './memory-limit/index.js';
import { missingMasquerade } from './missing-masquerade/index.js';
import { mtuBlackHole } from './mtu-black-hole/index.js';
import { nameMissing } from './name-missing/index.js';
import { packetLoss } from './packet-loss/index.js';
import { partition } from './partition/index.js';
import { poolExhaustion } from './pool-exhaustion/index.js';
import { portExhaustion } from './port-exhaustion/index.js';
import { resolverDead } from './resolver-dead/index.js';
import { resolverSaturation } from './resolver-saturation/index.js';
import { retransmission } from './retransmission/index.js';
import { retryStorm } from './retry-storm/index.js';
import { serviceHung } from './service-hung/index.js';
import { serviceRestarted } from './service-restarted/index.js';
import { serviceStopped } from './service-stopped/index.js';
import { silentEviction } from './silent-eviction/index.js';
import { staleDns } from './stale-dns/index.js';
import { swarmReplicas } from './swarm-replicas/index.js';
import { tlsChain } from './tls-chain/index.js';
import { tlsVersion } from './tls-version/index.js';
import { unexplained } from './unexplained/index.js';

/** Every failure mode, the main demonstration first. A new one is a new folder and one line here. */
export const failureModes: readonly FailureMode[] = [
  resolverSaturation,
  databaseDown,
  databaseConnections,
  resolverDead,
  nameMissing,
  serviceStopped,
  serviceHung,
  latency,
  packetLoss,
  partition,
  mtuBlackHole,
  missingMasquerade,
  silentEviction,
  dnsFailure,
  dnsSearchPath,
  containerKill,
  staleDns,
  containerPaused,
  containerCannotStart,
  containerUnhealthy,
  cpuLimit,
  memoryLimit,
  conntrackFull,
  connectionStorm,
  listenOverflow,
  closeWaitLeak,
  portExhaustion,
  keepaliveRace,
  idleReset,
  poolExhaustion,
  retryStorm,
  tlsChain,
  flappingReplica,
  drainGap,
  tlsVersion,
  retransmission,
  serviceRestarted,
  swarmReplicas,
  httpErrors,
  unexplained,
];

/** Every name that a mode is understood by: what causing it is called, its id, and the names that it had before. */
export const namesOf = ({ id, mode, demonstration }: FailureMode): readonly string[] => [
  ...new Set([demonstration?.id ?? id, id, ...(mode.aliases ?? [])]),
];

/** The failure mode of one of its names; undefined when there is none. */
export const findMode = (name: string): FailureMode | undefined =>
  failureModes.find((one) => namesOf(one).includes(name));

/** All that the diagnosis looks for. */
export const allModes = (modes: readonly FailureMode[] = failureModes): readonly Mode[] =>
  modes.map(({ mode }) => mode);
