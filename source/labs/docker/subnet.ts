import { networkInterfaces } from 'node:os';
import type Docker from 'dockerode';
import { reasonOf } from '../../engines/docker/link/deadline.js';
import { labLabels } from './labels.js';

/** Networks of 254 addresses that are tried: out of 10.0.0.0/8 (RFC 1918), away from where Docker, clouds and VPNs begin. */
const PREFIXES: readonly string[] = Array.from({ length: 64 }, (_, i) => `10.213.${i * 4}`);

export interface LabNetwork {
  readonly id: string;
  readonly name: string;
  /** `10.213.4`: the first three numbers of its addresses. */
  readonly prefix: string;
}

/** The candidates that none of these addresses is in, beginning at a place of the caller's. */
export function freePrefixes(taken: readonly string[], from: number): readonly string[] {
  const turned = PREFIXES.map((_, i) => PREFIXES[(i + from) % PREFIXES.length] as string);
  return turned.filter((prefix) => !taken.some((address) => address.startsWith(`${prefix}.`)));
}

/**
 * Makes the lab's network, a bridge of its own on a subnet that is free. Subnets of other networks are told apart by
 * the daemon, which refuses an overlap. Rejects with its words when it refuses all.
 */
export async function createNetwork(docker: Docker, lab: string, signal?: AbortSignal): Promise<LabNetwork> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  const name = `faultline-${lab}`;
  let refused = 'no subnet is free';
  for (const prefix of freePrefixes(addresses, Number.parseInt(lab, 16) % PREFIXES.length)) {
    signal?.throwIfAborted();
    try {
      const network = await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        IPAM: { Driver: 'default', Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] },
        Labels: { ...labLabels(lab) },
      });
      return { id: network.id, name, prefix };
    } catch (error) {
      refused = reasonOf(error);
      if (!/overlap|conflict|in use/i.test(refused)) break;
    }
  }
  throw new Error(`the lab's network could not be made: ${refused}`);
}
