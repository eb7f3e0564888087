import { joinHostPort } from '../../linux/ip-address.js';
import { shownUrl } from '../../secrets.js';
import { seconds } from '../../terminal/format.js';
import type { AtDoor } from '../doors/at-door.js';
import type { Door, Refusal } from '../doors/doors.js';
import { endpointOf } from './endpoint.js';
import { type Environment, wayTo } from './proxy.js';
import type { HttpFailure, HttpSample } from './sample.js';

/** As long as a request may take (ms): a client that came now would have waited no less. */
const PATIENCE_MS = 5_000;

/**
 * Where a target is served, or the proxy that is asked for it, and what is said of one that took nobody out of its queue
 * for as long as a request may take. A socket in the file system has no queue that can be read.
 */
export function httpDoor(target: string, url: string, env: Environment = process.env): AtDoor<HttpSample> {
  const endpoint = endpointOf(url);
  const { host, port } = wayTo(endpoint, env).proxy ?? endpoint;
  return {
    patienceMs: PATIENCE_MS,
    door: (last) => (endpoint.socketPath === null ? { address: last?.address ?? host, port } : undefined),
    stuck: (refusal, door) => unanswered({ target, url: shownUrl(url) }, refusal, door),
    after: async (sample, doors) => {
      const { failure, address } = sample;
      if (failure?.kind !== 'refused' || address === null) return sample;
      return (await doors.isListenedAt({ address, port }))
        ? rejected(sample, failure, { address, port })
        : sample;
    },
  };
}

/** A refusal that cannot come from who is asked: that one listens. */
const rejected = (sample: HttpSample, failure: HttpFailure, { address, port }: Door): HttpSample => ({
  ...sample,
  failure: {
    ...failure,
    listens: true,
    text: `connection refused, though somebody listens at ${joinHostPort(address, port)}: a firewall rejects it`,
    short: 'a connection that a firewall rejects',
  },
});

/**
 * A request that was not sent: in all that time nobody was taken out of the queue. One that is not full would still have
 * let a client in, which then waits for the first byte.
 */
function unanswered(
  of: Pick<HttpSample, 'target' | 'url'>,
  { queue: { queued, backlog }, waitedMs }: Refusal,
  { address, port }: Door,
): HttpSample {
  const phase = queued > backlog ? 'connect' : 'firstByte';
  return {
    ...of,
    ...{ ok: false, status: null, address: null, totalMs: waitedMs },
    failure: {
      ...{ kind: 'timeout', phase },
      text: `not sent: ${queued} of ${backlog} connections wait at ${joinHostPort(address, port)} to be accepted, and none was in ${seconds(waitedMs)}`,
    },
    phases: { dns: null, connect: null, tls: null, firstByte: null, transfer: null },
  };
}
