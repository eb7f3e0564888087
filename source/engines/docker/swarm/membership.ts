import type Docker from 'dockerode';
import { reasonOf, statusOf } from '../link/deadline.js';
import { LAB_LABEL } from './labelled.js';

/** What this daemon is to a swarm. */
export type Membership =
  | { readonly state: 'manager' }
  | { readonly state: 'none' }
  /** It cannot manage services, and the command that would make it, or says more. */
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
      mend: 'docker node promote NODE   # on a manager; NODE is this one',
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
 * Makes a swarm of this node alone, labelled as this lab's. It is advertised on 127.0.0.1 and listens there, so that no
 * other machine can join. Rejects with the daemon's own words, also where another process made one in the meantime.
 */
export async function makeSwarm(docker: Docker, lab: string): Promise<void> {
  try {
    await docker.swarmInit({
      ListenAddr: '127.0.0.1:2377',
      AdvertiseAddr: '127.0.0.1',
      DataPathAddr: '127.0.0.1',
      Spec: { Labels: { [LAB_LABEL]: lab } },
    });
  } catch (error) {
    throw new Error(`a swarm could not be made of this node: ${reasonOf(error)}`);
  }
}

/**
 * Ends the swarm that `makeSwarm` made for this lab, and takes the bridge away that it brought. Resolves to null, also
 * where it is gone already or is another's, or to why it was left: it is not ended under services of others.
 */
export async function endSwarm(docker: Docker, lab: string, before: BeforeSwarm): Promise<string | null> {
  const owner = await ownerOf(docker);
  if (owner === lab) {
    const services = await docker.listServices();
    if (services.length > 0)
      return `the swarm that was made for it has services of others now: ${services.map(({ Spec }) => Spec?.Name).join(', ')}`;
    await docker.swarmLeave({ force: true });
  } else if (owner !== null) return null;
  if (before.gateway || !(await hasGateway(docker))) return null;
  await docker
    .getNetwork(GATEWAY)
    .remove()
    .catch((error) => {
      if (statusOf(error) !== 404) throw new Error(`${GATEWAY}: ${reasonOf(error)}`);
    });
  return null;
}

/** The lab that this daemon's swarm was made for; empty for a swarm of somebody else, null where there is none. */
async function ownerOf(docker: Docker): Promise<string | null> {
  try {
    const { Spec } = (await docker.swarmInspect()) as { Spec?: { Labels?: Record<string, string> } };
    return Spec?.Labels?.[LAB_LABEL] ?? '';
  } catch (error) {
    // It is in no swarm: 503, and 406 before Docker 1.13.
    if (statusOf(error) === 503 || statusOf(error) === 406) return null;
    throw error;
  }
}

async function hasGateway(docker: Docker): Promise<boolean> {
  const networks = await docker.listNetworks({ filters: { name: [GATEWAY] } });
  return networks.some(({ Name }) => Name === GATEWAY);
}
