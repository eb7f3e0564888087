import type { AgentStep } from '../fault-plan.js';
import { FaultRefused } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import type { NetworkFacts } from '../observe/target.js';
import { connectCall, daemonCall, throughDaemon } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/** The target is taken off one of its networks; connected again with the settings that it had there. */
export const disconnect: KindOfFault<'disconnect'> = {
  scope: 'container',
  wants: [],
  touches: [
    'networks',
    'network addresses',
    'network settings',
    'links',
    'queue lengths',
    'qdisc',
    'addresses',
    'routes',
    'routes6',
  ],
  outlives: () => ['networks', 'network settings'],
  ownStep: connectCall,
  plan(spec, { target }) {
    const { identity, networks } = target;
    const network = networks.find(({ name, id }) => name === spec.network || id === spec.network);
    if (network === undefined)
      throw new FaultRefused(
        `${identity.name} is not on a network ${JSON.stringify(spec.network).slice(0, 100)}: it is on ${networks.map(({ name }) => name).join(', ') || 'none'}`,
      );
    return {
      ...throughDaemon,
      what: `${identity.name}: taken off the network ${network.name}`,
      means: 'docker network disconnect',
      apply: [daemonCall(`/networks/${network.id}/disconnect`, { Container: identity.id })],
      undo: again(network, identity.id),
    };
  },
  effect({ spec, before, after }) {
    const on = (section: string | undefined): string[] =>
      (section ?? '').split('\n').filter((line) => line !== '');
    if (after.snapshot.networks === undefined) return inconclusive('the daemon does not say its networks');
    const names = (lines: readonly string[]): string =>
      lines.map((line) => line.split(' ')[0]).join(', ') || 'none';
    const [was, is] = [on(before.snapshot.networks), on(after.snapshot.networks)];
    const signal = `networks ${names(was)} → ${names(is)}`;
    return was.length === is.length + 1
      ? confirmed(signal)
      : mismatch(`${signal}, asked for ${spec.network}`);
  },
};

/**
 * With exactly the settings that were asked for when it was connected. Where an address was, it is asked for again;
 * where none was, none is: asked for, it would be pinned, and the target could not start any more once another container
 * has it. The daemon then gives the lowest free one, which is the same unless it was taken or a lower one came free. An
 * address that another container took meanwhile is refused; connected without it the target is reachable at least, and
 * the comparison with the state before tells. 403: it is connected already.
 */
function again({ id, asked }: NetworkFacts, container: string): readonly AgentStep[] {
  const { ipam, aliases, links, driverOpts, gatewayPriority } = asked;
  const rest = {
    ...(aliases.length > 0 ? { Aliases: aliases } : {}),
    ...(links.length > 0 ? { Links: links } : {}),
    ...(Object.keys(driverOpts).length > 0 ? { DriverOpts: driverOpts } : {}),
    ...(gatewayPriority === 0 ? {} : { GwPriority: gatewayPriority }),
  };
  const connect = (EndpointConfig: object, okStatus: readonly number[]): AgentStep =>
    daemonCall(`/networks/${id}/connect`, { Container: container, EndpointConfig }, okStatus);
  const without = connect(rest, [403, 404]);
  if (Object.keys(ipam).length === 0) return [without];
  return [connect({ IPAMConfig: ipam, ...rest }, [400, 403, 404, 409, 500]), without];
}
