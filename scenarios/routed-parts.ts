import type { LabPart, PartSwitch } from '../source/labs/part.js';
import { peerSettings } from './parts-cause.js';

/** Parts of which one talks with another by way of a router: on the lab of containers alone, as that takes networks. */

const ROUTER = 'router';

/** The router, with what it does to what it forwards. */
export const routerPart = (
  settings: Readonly<Record<string, string>>,
  switches: readonly PartSwitch[] = [],
  sysctls: Readonly<Record<string, string>> = {},
): LabPart => ({
  ...{ name: ROUTER, program: 'router', switches },
  settings: () => settings,
  container: { capabilities: ['NET_ADMIN'], sysctls: { 'net.ipv4.ip_forward': '1', ...sysctls } },
});

/** A client that asks `server`, a part before it, by way of the router. */
export const routedPart = (
  name: string,
  program: string,
  server: string,
  more: {
    readonly settings?: Readonly<Record<string, string>>;
    readonly switches?: readonly PartSwitch[];
  } = {},
): LabPart => ({
  ...{ name, program, switches: more.switches ?? [] },
  settings: (where) => ({ ...peerSettings(where(server)), PART_ROUTER: ROUTER, ...more.settings }),
  container: { capabilities: ['NET_ADMIN'] },
});

/**
 * A server, a router that remembers a connection for 4 s without data and does `what` to what comes on it later, and a
 * client that keeps some of its connections idle for longer.
 */
export const forgottenParts = (what: 'reset' | 'drop'): readonly LabPart[] => [
  { name: 'accounts', program: 'long-answers', port: 8080 },
  routerPart({ PART_FORGOTTEN: what }, [], {
    'net.netfilter.nf_conntrack_tcp_timeout_established': '4',
    // Else the next packet of a connection that it has forgotten makes it known again.
    'net.netfilter.nf_conntrack_tcp_loose': '0',
  }),
  routedPart('payments', 'idle-client', 'accounts', {
    switches: [
      {
        id: 'keep-alive',
        title: 'payments: TCP keep-alive each 2 s',
        explains: 'an idle connection says something before the router forgets it',
      },
    ],
  }),
];
