import type { KeeperStep } from '../fault-plan.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { CannotPlan } from '../plan/refusal.js';
import type { NetworkFacts } from '../plan/surroundings.js';
import { type KindOfFault, throughDaemon } from './kind.js';

/** The target is taken off one of its networks, with its names there; connected again with both. */
export const disconnect: KindOfFault<'disconnect'> = {
  reads: { means: false, inside: false, memory: false },
  plan(spec, { target }) {
    const { identity, networks } = target;
    const network = networks.find(({ name, id }) => name === spec.network || id === spec.network);
    if (network === undefined)
      throw new CannotPlan(
        `${identity.name} is not on a network ${JSON.stringify(spec.network).slice(0, 100)}: it is on ${networks.map(({ name }) => name).join(', ') || 'none'}`,
      );
    const path = `/networks/${network.id}`;
    return {
      what: `${identity.name}: taken off the network ${network.name}`,
      means: 'docker network disconnect',
      ending: 'timer',
      apply: [{ do: 'docker', method: 'POST', path: `${path}/disconnect`, body: { Container: identity.id } }],
      undo: again(network, identity.id),
      keeper: throughDaemon,
    };
  },
  bite(_plan, spec, before, after) {
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
function again(network: NetworkFacts, container: string): readonly KeeperStep[] {
  const { aliases, links, driverOpts, ipv4, ipv6 } = network;
  const rest = {
    ...(aliases.length > 0 ? { Aliases: aliases } : {}),
    ...(links.length > 0 ? { Links: links } : {}),
    ...(Object.keys(driverOpts).length > 0 ? { DriverOpts: driverOpts } : {}),
  };
  const address = { ...(ipv4 ? { IPv4Address: ipv4 } : {}), ...(ipv6 ? { IPv6Address: ipv6 } : {}) };
  const connect = (config: object, okStatus: readonly number[]): KeeperStep => ({
    do: 'docker',
    method: 'POST',
    path: `/networks/${network.id}/connect`,
    body: { Container: container, EndpointConfig: config },
    okStatus,
  });
  return [connect({ IPAMConfig: address, ...rest }, [400, 403, 404]), connect(rest, [403, 404])];
}
