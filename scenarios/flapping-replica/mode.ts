import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports } from '../../source/diagnosis/evidence.js';
import { aroundClients } from '../../source/diagnosis/facts/blast-radius.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { type FlappingServer, flappingServers } from '../../source/diagnosis/facts/flapping-servers.js';
import { targets } from '../../source/diagnosis/facts/http.js';
import { requestShare } from '../../source/diagnosis/facts/request-share.js';
import { serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { meet, placeOf, workloadPlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { percentOf, plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  away: {
    unit: 'times',
    value: 2,
    windowMs: 120_000,
    weight: 0.2,
    source:
      'our choice: once is a restart or a deployment; restarts in a loop are at most a minute apart (moby)',
  },
  refused: {
    unit: 'connections',
    value: 3,
    weight: 0.1,
    source: 'our choice: fewer may be the two families of one address',
  },
  lately: { unit: 'ms', value: 60_000, source: 'moby restartmanager: at most a minute between two tries' },
  othersServe: {
    unit: 'servers',
    value: 1,
    weight: 0.15,
    source: 'seed of this mode: 98 % of the requests are served, by the other replicas',
  },
  failing: {
    unit: 'share',
    value: 0.5,
    weight: 0.1,
    source: 'DIAGNOSIS R08: 0.5 to 50 % of the requests; of one replica in two it is half',
  },
} as const satisfies Thresholds;

/** One of several replicas comes and goes: what its clients see, whatever ends it. */
export const mode = defineMode({
  id: 'flapping-replica',
  called: 'a replica that comes and goes',
  scope: 'workload',
  inputs: [['sockets', 'inside']],
  forMs: 0,
  keepMs: 15_000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-stopped'],
  followsFrom: ['memory-limit', 'container-kill', 'container-paused', 'container-unhealthy'],
  rivals: ['listen-overflow', 'keepalive-race'],
  detect: (history) => flappingServers(history, THRESHOLDS.away).map((one) => candidate(history, one)),
  clears: (history) =>
    flappingServers(history, THRESHOLDS.away).length > 0
      ? undefined
      : 'no server refuses and serves by turns',
});

function candidate(history: History, one: FlappingServer): Candidate {
  const { who, owner, edge, address, failed, opened, times, others, since, lastAt } = one;
  const { away, refused, othersServe, failing } = THRESHOLDS;
  const client = owner !== null && serviceOf(history, owner) ? owner : null;
  const { peerName, peerText, label } = edge;
  const service = peerName === null ? undefined : serviceOf(history, peerName);
  const isRecent = history.now - lastAt <= THRESHOLDS.lately.value;
  // Of a client that is no workload only the way to this server is known, not all that its host does.
  const places = [...(client === null ? [] : aroundClients(history, [client])), placeOf(address)];
  const felt = targets(history).flatMap(({ target, address: at }) => {
    const share = meet([placeOf(at)], places) ? requestShare(history, target, away.windowMs) : undefined;
    return share && share.share <= failing.value ? [{ target, share }] : [];
  });
  const othersText = others.length > 0 ? whoText(history, others) : '';
  return {
    subject: service ? { kind: 'workload', id: service.name } : { kind: 'listener', id: address },
    target: `${who} → ${peerText}`,
    raise: isRecent && failed >= refused.value && others.length >= othersServe.value,
    clear: !isRecent,
    title: `${peerText} comes and goes: ${failed} of ${failed + opened} connections to it failed${othersText && `, while ${othersText} ${others.length === 1 ? 'serves' : 'serve'}`}`,
    severity: 'warning',
    evidence: gather(
      supports(away, {
        signal: `edge.failed${label}`,
        reading: times,
        value: `it was away ${plural(times, 'time')}, and took connections in between`,
      }),
      supports(refused, {
        signal: `edge.failed${label}`,
        reading: failed,
        value: `${failed} of ${failed + opened} connections of ${who} failed (${percentOf(failed / (failed + opened))})`,
      }),
      others.length > 0 &&
        supports(othersServe, {
          signal: `edge.opened${label}`,
          reading: others.length,
          value: `${othersText}: no connection of ${who} failed`,
        }),
      ...felt.slice(0, 3).map(({ target, share }) =>
        supports(failing, {
          signal: `http.requests{${target}}`,
          reading: share.share,
          value: `${target}: ${share.failed} of ${share.of} requests failed`,
        }),
      ),
    ),
    fix: [
      now(
        `see why ${peerText} ends: its last words, its memory`,
        service?.container ? `docker logs --tail 50 ${service.name}` : undefined,
      ),
      now(`let ${who} leave ${peerText} out until it stays up`),
      later(
        'a balancer that tries another replica when one refuses, and a readiness check before one gets requests',
      ),
    ],
    explanation: [
      `${peerText} refused or did not take ${plural(failed, 'connection')} of ${who}, ${plural(times, 'time')} with connections in between`,
      ...(others.length > 0 ? [`${who} asks ${othersText} as well: there none failed`] : []),
    ],
    since,
    radius: [...places, ...(service ? [workloadPlace(service.name)] : [])],
    seenAt: [service ? workloadPlace(service.name) : placeOf(address)],
  };
}
