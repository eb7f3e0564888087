import { type AgentStep, numberOf, type PlanBody, tableName } from '../fault-plan.js';
import { FaultRefused } from '../fault-spec.js';
import { EVERY_PACKET, leased } from './nft.js';
import { fits, inNetwork, type OwnStep } from './steps.js';
import type { Surroundings } from './surroundings.js';

/** Numbers of queues: the first, and how many. */
const QUEUES = [1, 65_535] as const;
/** Beyond the loopback only: what the target says to itself waits for nobody. */
const COMES = 'iifname != "lo"';

/**
 * What comes to the target goes through a queue that the fault agent reads and holds back; without a reader every
 * packet passes (`bypass`). On the way in and not out: a packet that waits on its way out still counts against its
 * socket, which then sends two at a time (TCP small queues, tcp_output.c). Measured with 100 ms: 20 MB from the target
 * took 1.6 s with the queue on the way in; on the way out 1 MB had come after 35 s. A round trip is the same in both.
 * By a table of our own behind a lease where the kernel's nftables can queue, else by a rule of iptables.
 */
export function queuePlan(
  { ms, jitter }: { readonly ms: number; readonly jitter: number },
  s: Surroundings,
  why: string,
): Omit<PlanBody, 'what'> {
  const number = numberOf(s.id, ...QUEUES);
  const queue: AgentStep = { do: 'queue', number, delayMs: ms, jitterMs: jitter, lossPercent: 0 };
  const { nftQueue, iptablesNft, iptablesLegacy } = s.means;
  if (nftQueue === null) {
    const lease = leased(s, [
      {
        family: 'inet',
        sets: [EVERY_PACKET],
        chains: [
          {
            name: 'coming',
            at: 'filter hook input priority mangle',
            rules: [`${COMES} meta nfproto @lease counter queue num ${number} bypass`],
          },
        ],
      },
    ]);
    // The reader first: no packet passes undelayed in between.
    const apply = [queue, ...lease.apply];
    return { ...lease, means: 'NFQUEUE with bypass (nft)', insteadOf: why, apply };
  }
  const variant = iptablesNft === null ? 'nft' : iptablesLegacy === null ? 'legacy' : null;
  if (variant === null)
    throw new FaultRefused(
      `nothing here can delay packets: ${why}; nft queue: ${nftQueue}; iptables-nft: ${iptablesNft}; iptables-legacy: ${iptablesLegacy}`,
    );
  return {
    means: `NFQUEUE with bypass (iptables-${variant})`,
    insteadOf: why,
    ending: 'fail-open',
    apply: [queue, ...families(s).map((family) => rule(family, variant, '-A', s.id, number))],
    undo: families(s).flatMap((family) => [
      rule(family, variant, '-D', s.id, number),
      ...(variant === 'nft' ? emptied(family, s.inside?.chains ?? []) : []),
    ]),
    // iptables-legacy asks by a raw socket.
    agent: inNetwork(variant === 'nft' ? ['NET_ADMIN'] : ['NET_ADMIN', 'NET_RAW']),
  };
}

/** The plan's own rule of iptables, or what iptables-nft made around its first rule, is deleted. */
export const ownQueueRule: OwnStep = (step, { id }) => {
  if (step.do !== 'run' || step.stdin !== undefined) return null;
  const number = numberOf(id, ...QUEUES);
  const steps = FAMILIES.flatMap((family) => [
    ...(['nft', 'legacy'] as const).map((variant) => rule(family, variant, '-D', id, number)),
    ...emptied(family, []),
  ]);
  return steps.find((own) => own.do === 'run' && fits(step.command, own.command)) ?? null;
};

const FAMILIES = ['ip', 'ip6'] as const;
type Family = (typeof FAMILIES)[number];

function families({ target }: Surroundings): readonly Family[] {
  return target.networks.some(({ ipv6 }) => ipv6 !== '') ? ['ip', 'ip6'] : ['ip'];
}

function rule(family: Family, variant: string, what: '-A' | '-D', id: string, queue: number): AgentStep {
  const comment = ['-m', 'comment', '--comment', tableName(id)];
  const to = ['-j', 'NFQUEUE', '--queue-num', String(queue), '--queue-bypass'];
  const command = [`${family}tables-${variant}`, '-w', '5', '-t', 'mangle', what, 'INPUT', '!', '-i', 'lo'];
  // 1: there is no such rule (any more).
  return { do: 'run', command: [...command, ...comment, ...to], ...(what === '-D' ? { okCodes: [1] } : {}) };
}

/** What iptables-nft made around its first rule and leaves there; a chain with a rule in it is not deleted. */
function emptied(family: Family, there: readonly string[]): readonly AgentStep[] {
  const table = `${family} mangle`;
  return [
    ...(there.includes(`${table} INPUT`) ? [] : [nft(['delete', 'chain', family, 'mangle', 'INPUT'])]),
    ...(there.includes(table) ? [] : [nftWithoutChains(family)]),
  ];
}

const nft = (words: readonly string[]): AgentStep => ({
  do: 'run',
  command: ['nft', ...words],
  okCodes: [1],
});

/** A table goes with all that is in it; this one goes only if no chain has been made in it meanwhile. */
const nftWithoutChains = (family: Family): AgentStep => ({
  do: 'run',
  command: [
    'sh',
    '-c',
    'nft list table "$1" mangle | grep -q chain || nft delete table "$1" mangle',
    'sh',
    family,
  ],
  okCodes: [1],
});
