import type { FaultKind } from '../fault-spec.js';

/** What of a target a kind of fault changes on purpose: `section` or `section: beginning of a line`. */
const TOUCHES: Readonly<Record<FaultKind, readonly string[]>> = {
  delay: ['qdisc', 'queue lengths', 'class', 'filter', 'nft ip mangle', 'nft ip6 mangle'],
  loss: [],
  'drop-peer': [],
  'dns-answer': [],
  'dns-drop': [],
  bandwidth: ['qdisc', 'queue lengths', 'class', 'filter'],
  cpu: ['limits: cpu'],
  memory: ['limits: memory'],
  allocate: ['oom'],
  'open-files': ['open files'],
  kill: ['state', 'network addresses'],
  pause: ['state'],
  disconnect: [
    'networks',
    'network addresses',
    'links',
    'queue lengths',
    'qdisc',
    'addresses',
    'routes',
    'routes6',
  ],
};

/** Whether a line of a snapshot is one that faults of these kinds change. */
export function touchedBy(kinds: readonly FaultKind[]): (section: string, line: string) => boolean {
  const touched = kinds.flatMap((kind) => TOUCHES[kind]);
  return (section, line) => touched.some((what) => `${section}: ${line}`.startsWith(`${what}`));
}
