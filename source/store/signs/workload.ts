import type { ContainerFacts, HttpSample, ServiceSample } from '../../probes/samples.js';
import type { Latest, LatestSamples } from '../history.js';
import type { Judged, Level } from './level.js';

/** Percent of periods held back above which a container is called out (kubernetes-mixin, CPUThrottlingHigh: 25 %). */
const THROTTLED = 25;
/** Share of a memory limit above which it is called out (Netdata's cgroups alarm: 90 %): full of cache is no failure. */
const FULL_MEMORY = 0.9;
/** Label that Swarm puts on the container of each of its tasks (moby, daemon/cluster/executor/container). */
const SWARM_SERVICE = 'com.docker.swarm.service.name';
/** Share of its open-file limit above which a process is called out. Our choice: the last fifth goes fast. */
const FULL_FDS = 0.8;

/** How a workload stands, in a word. A running one whose every probed URL fails is said not to answer. */
export function judgeWorkload(service: ServiceSample, http: LatestSamples['http']): Judged {
  if (service.state === 'paused') return { level: 'critical', word: 'paused' };
  if (service.processState === 'T' || service.stopped) return { level: 'critical', word: 'frozen' };
  const special = service.container && judgeContainer(service.container, service);
  if (special) return special;
  if (service.state === 'exited') return { level: 'critical', word: 'stopped' };
  if (service.state === 'starting' || service.state === 'stopping')
    return { level: 'notice', word: service.state };
  if (service.state === 'unknown') return { level: 'unknown', word: 'unknown' };
  if (answersNoProbe(service, Object.values(http))) return { level: 'warning', word: 'no answer' };
  return { level: 'ok', word: service.container?.health === 'healthy' ? 'healthy' : 'up' };
}

/** Docker's own words where they say more: its next try after a crash, a check that fails, an end in good order. */
function judgeContainer(
  { status, health, labels }: ContainerFacts,
  service: ServiceSample,
): Judged | undefined {
  if (service.state === 'unknown') return undefined;
  if (status === 'restarting') return { level: 'critical', word: 'restarting' };
  if (status === 'dead') return { level: 'critical', word: 'dead' };
  if (status === 'created') return { level: 'notice', word: 'created' };
  if (status === 'removing') return { level: 'notice', word: 'removing' };
  if (service.state === 'exited') {
    // Swarm keeps what it has replaced; whether replicas are missing is judged by its service.
    if (labels?.[SWARM_SERVICE] !== undefined) return { level: 'notice', word: 'ended' };
    const code = service.lastExit?.code ?? null;
    return { level: code === 0 ? 'notice' : 'critical', word: code === null ? 'stopped' : `exited ${code}` };
  }
  return health === 'unhealthy' ? { level: 'warning', word: 'unhealthy' } : undefined;
}

function answersNoProbe(service: ServiceSample, http: readonly Latest<HttpSample>[]): boolean {
  const probes = http.filter((latest) => serves(service, latest.sample.url));
  return probes.length > 0 && probes.every((latest) => !latest.sample.ok && !latest.stale);
}

function serves(service: ServiceSample, url: string): boolean {
  const port = /^https?:\/\/(?:\[[^\]]*\]|[^/:]*):(\d+)/.exec(url)?.[1];
  return (
    port !== undefined && service.ports.some((own) => own.protocol === 'tcp' && own.port === Number(port))
  );
}

/** How it stands with a container's memory against its limit. */
export function levelOfMemory({ memoryBytes, container }: ServiceSample): Level {
  const limit = container?.limits.memoryBytes;
  return memoryBytes !== null && limit && memoryBytes > limit * FULL_MEMORY ? 'notice' : 'ok';
}

/** How it stands with a container's CPU: whether it is held back for much of its time. */
export function levelOfCpu({ container }: ServiceSample): Level {
  const held = container?.throttledPercent ?? null;
  return held !== null && held > THROTTLED ? 'warning' : 'ok';
}

/** How it stands with the open files of a process against its limit. */
export const levelOfFiles = ({ openFds, fdLimit }: ServiceSample): Level =>
  openFds !== null && fdLimit !== null && openFds > fdLimit * FULL_FDS ? 'warning' : 'ok';
