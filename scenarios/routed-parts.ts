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
