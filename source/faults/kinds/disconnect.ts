import type { AgentStep } from '../fault-plan.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import type { NetworkFacts } from '../observe/target.js';
import { daemonCall, throughDaemon } from '../plan/steps.js';
import { FaultRefused } from '../refusal.js';
import type { KindOfFault } from './kind.js';

/** The target is taken off one of its networks, with its names there; connected again with both. */
export const disconnect: KindOfFault<'disconnect'> = {
  scope: 'container',
  wants: [],
  touches: [
    'networks',
    'network addresses',
    'links',
    'queue lengths',
    'qdisc',
    'addresses',
    'routes',
    'routes6',
  ],
  outlives: () => ['networks'],
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
 * First with the address that it had, which the daemon takes only on a network whose subnet somebody chose (400); then
 * without: it gets the lowest free one, which is the same unless another container took it meanwhile. 403: it is
 * connected already.
 */
function again(network: NetworkFacts, container: string): readonly AgentStep[] {
  const { aliases, links, driverOpts, ipv4, ipv6 } = network;
  const rest = {
    ...(aliases.length > 0 ? { Aliases: aliases } : {}),
    ...(links.length > 0 ? { Links: links } : {}),
    ...(Object.keys(driverOpts).length > 0 ? { DriverOpts: driverOpts } : {}),
  };
  const address = { ...(ipv4 ? { IPv4Address: ipv4 } : {}), ...(ipv6 ? { IPv6Address: ipv6 } : {}) };
  const connect = (EndpointConfig: object, okStatus: readonly number[]): AgentStep =>
    daemonCall(`/networks/${network.id}/connect`, { Container: container, EndpointConfig }, okStatus);
  return [connect({ IPAMConfig: address, ...rest }, [400, 403, 404]), connect(rest, [403, 404])];
}
