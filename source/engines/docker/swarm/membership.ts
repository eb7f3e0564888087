import type Docker from 'dockerode';
import { reasonOf, statusOf } from '../link/deadline.js';

/** What this daemon is to a swarm. */
export type Membership =
  | { readonly state: 'manager' }
  | { readonly state: 'none' }
  /** It cannot manage services, and what would make it. */
  | { readonly state: 'unfit'; readonly reason: string; readonly mend: string };

interface SwarmInfo {
  readonly LocalNodeState?: string;
  readonly ControlAvailable?: boolean;
  readonly Error?: string;
}

/** The bridge that Docker makes on a node when it joins a swarm, and leaves behind when the node leaves. */
const GATEWAY = 'docker_gwbridge';

/** Asks the daemon what it is to a swarm. Rejects when it cannot be asked. */
export async function membershipOf(docker: Docker): Promise<Membership> {
  const info = ((await docker.info()) as { Swarm?: SwarmInfo }).Swarm ?? {};
  if (info.LocalNodeState === 'active' && info.ControlAvailable) return { state: 'manager' };
  if (info.LocalNodeState === 'inactive' || !info.LocalNodeState) return { state: 'none' };
  if (info.LocalNodeState === 'active')
    return {
      state: 'unfit',
      reason: 'this node is a worker of a swarm: only a manager can make services',
      mend: 'docker node promote NODE, on a manager',
    };
  return {
    state: 'unfit',
    reason: `this node's place in its swarm is "${info.LocalNodeState}"${info.Error ? `: ${info.Error}` : ''}`,
    mend: info.LocalNodeState === 'locked' ? 'docker swarm unlock' : 'docker info',
  };
}

/** What was there before a swarm was made, so that leaving it takes away no more than making it brought. */
export interface BeforeSwarm {
  readonly gateway: boolean;
}

export async function beforeSwarm(docker: Docker): Promise<BeforeSwarm> {
  return { gateway: await hasGateway(docker) };
}

/**
 * Makes a swarm of this node alone. It is advertised on 127.0.0.1 and listens there, so that no other machine can
 * join. Rejects with the daemon's own words.
 */
export async function makeSwarm(docker: Docker): Promise<void> {
  try {
    await docker.swarmInit({
      ListenAddr: '127.0.0.1:2377',
      AdvertiseAddr: '127.0.0.1',
      DataPathAddr: '127.0.0.1',
    });
  } catch (error) {
    throw new Error(`a swarm could not be made of this node: ${reasonOf(error)}`);
  }
}

/** Ends a swarm that `makeSwarm` made, and takes the bridge away that it brought. Safe where it is gone already. */
export async function endSwarm(docker: Docker, before: BeforeSwarm): Promise<void> {
  await docker.swarmLeave({ force: true }).catch((error) => {
    // 503 and 406: it is in no swarm any more.
    if (statusOf(error) !== 503 && statusOf(error) !== 406)
      throw new Error(`swarm leave: ${reasonOf(error)}`);
  });
  if (before.gateway || !(await hasGateway(docker))) return;
  await docker
    .getNetwork(GATEWAY)
    .remove()
    .catch((error) => {
      if (statusOf(error) !== 404) throw new Error(`${GATEWAY}: ${reasonOf(error)}`);
    });
}

async function hasGateway(docker: Docker): Promise<boolean> {
  const networks = await docker.listNetworks({ filters: { name: [GATEWAY] } });
  return networks.some(({ Name }) => Name === GATEWAY);
}
