import type { Endpoint, Resolved } from '../../engines/docker/endpoint/endpoint.js';
import { parseHost } from '../../engines/docker/endpoint/parse-host.js';
import {
  DEFAULT_SOCKET,
  realSurroundings,
  resolveEndpoint,
} from '../../engines/docker/endpoint/resolve-endpoint.js';

/**
 * The daemon's socket on the daemon's own machine, for keepers that must call it. On Linux that is the socket which is
 * asked from here; a daemon behind a network or in a virtual machine has it in the usual place.
 */
export function socketOfDaemon(address: string): string {
  const parsed = parseHost(address, 'the journal', null);
  const local = parsed.ok && parsed.endpoint.kind === 'unix' && process.platform === 'linux';
  return local ? (parsed.endpoint as Endpoint & { kind: 'unix' }).path : DEFAULT_SOCKET;
}

/**
 * The endpoint that an address in the journal means: what the environment or a context says of it, with its
 * certificates, where that is the same address; else the address as it stands.
 */
export function endpointOf(address: string): Resolved {
  const usual = resolveEndpoint(realSurroundings);
  if (usual.ok && usual.endpoint.address === address) return usual;
  return resolveEndpoint(realSurroundings, address);
}
