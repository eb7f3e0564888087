import { BlockList, isIPv4 } from 'node:net';
import type { HostInterface, InsideSample, SettingsSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { listed, plural } from '../../terminal/format.js';
import { supports } from '../evidence.js';
import { isLocal } from '../facts/addresses.js';
import { edges } from '../facts/edges.js';
import { apartFromHost } from '../facts/own-networks.js';
import { fresh } from '../facts/values.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  rules: {
    unit: 'rules',
    value: 1,
    reads: 'one at least',
    source:
      'RFC 1918: nobody outside knows the way back to a private address; Docker writes a rule for each bridge',
  },
} as const satisfies Thresholds;

/** Bridges that containers lead out over, and whose addresses nothing translates. */
export const masquerade: RiskKind = {
  id: 'no-masquerade',
  thresholds: THRESHOLDS,
  find(history) {
    const settings = fresh(history.latest.settings);
    if (!settings?.nat) return [];
    const { nat, interfaces } = settings;
    return interfaces
      .filter(({ bridge }) => bridge)
      .flatMap((bridge) => ofBridge(history, settings, bridge, nat));
  },
};

function ofBridge(
  history: History,
  settings: SettingsSample,
  { name, addresses, networks }: HostInterface,
  rules: NonNullable<SettingsSample['nat']>,
): SeenRisk[] {
  const own = networks.find(
    (network) => !rules.some(({ source }) => source === null || isWithin(network, source)),
  );
  const through = apartFromHost(history).filter(({ routes }) => leadsOver(routes, addresses));
  if (own === undefined || through.length === 0) return [];
  const names = through.map((one) => one.name);
  if (names.some((one) => isConnectedOutside(history, settings, one))) return [];
  const network = networkOf(own);
  return [
    {
      subject: { kind: 'connection', id: `${network} → outside` },
      title: `No masquerade rule for ${network}, the network of ${listed(names)}`,
      evidence: [
        supports(THRESHOLDS.rules, {
          signal: 'settings.nat',
          reading: 0,
          value: `none of ${plural(rules.length, 'rule')} translates what comes from ${name} (${network})`,
          at: history.latest.settings?.at ?? null,
        }),
      ],
      mend: {
        text: 'unless a router outside knows the way to it: restart Docker, which writes its rules again, or by hand',
        command: `iptables -t nat -A POSTROUTING -s ${network} ! -o ${name} -j MASQUERADE`,
      },
    },
  ];
}

const leadsOver = (routes: InsideSample['routes'], gateways: readonly string[]): boolean =>
  (routes ?? []).some(
    ({ destination, gateway, reject }) =>
      destination === '0.0.0.0/0' && !reject && gateway !== null && gateways.includes(gateway),
  );

/** Then its packets find their way back, whoever does it. */
const isConnectedOutside = (history: History, { interfaces }: SettingsSample, name: string): boolean =>
  edges(history).some(
    ({ inside, direction, states, peer, port }) =>
      inside === name &&
      direction === 'out' &&
      (states.ESTAB ?? 0) > 0 &&
      isIPv4(peer) &&
      !isLocal(`${peer}:${port}`) &&
      !interfaces.some(({ networks }) => networks.some((network) => isWithin(`${peer}/32`, network))),
  );

/** Whether a network lies in another one. */
function isWithin(inner: string, outer: string): boolean {
  const [address = '', bits] = inner.split('/');
  const [base = '', prefix] = outer.split('/');
  if (!isIPv4(address) || !isIPv4(base) || !(Number(prefix) <= Number(bits))) return false;
  const list = new BlockList();
  list.addSubnet(base, Math.min(32, Number(prefix)), 'ipv4');
  return list.check(address, 'ipv4');
}

/** `172.18.0.0/16` of `172.18.0.1/16`. */
function networkOf(cidr: string): string {
  const [address = '', bits] = cidr.split('/');
  const kept = 2 ** (32 - Number(bits));
  const number = address.split('.').reduce((sum, byte) => 256 * sum + Number(byte), 0);
  const first = number - (number % kept);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}
