import { expect, it } from 'vitest';
import { createSwarmProbe } from '../../../source/probes/swarm/swarm-probe.js';
import { runProbe } from '../run-probe.js';

/** A client whose every list is refused with a status and the daemon's words. */
const refusing = (statusCode: number, message: string) => {
  const refuse = () =>
    Promise.reject(Object.assign(new Error('(HTTP code)'), { statusCode, json: { message } }));
  return createSwarmProbe({
    docker: () => ({ listServices: refuse, listTasks: refuse, listNodes: refuse }) as never,
  });
};

it.each([
  [
    'a host without Swarm is not configured for it: nothing is missing',
    503,
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    'not-configured',
  ],
  [
    'a worker sees no services',
    503,
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
    'not-readable',
  ],
  [
    'a swarm without a leader',
    503,
    "The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.",
    'not-readable',
  ],
  ['an engine that knows no Swarm (Podman) is not configured for it', 404, 'Not Found', 'not-configured'],
  ['anything else has failed', 500, 'rpc error: code = Unknown', 'failed'],
])('%s', async (_, status, words, kind) => {
  await expect(runProbe(refusing(status, words))).rejects.toMatchObject({ kind });
});

it('says so when there is no daemon, and when the daemon talks of something else', async () => {
  await expect(runProbe(createSwarmProbe({ docker: () => null }))).rejects.toMatchObject({ kind: 'failed' });
  const other = () => Promise.resolve({ message: 'page not found' });
  const docker = { listServices: other, listTasks: other, listNodes: other };
  await expect(runProbe(createSwarmProbe({ docker: () => docker as never }))).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('something else'),
  });
});
