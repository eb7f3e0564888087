import type { FaultSpec } from '../../faults/fault-spec.js';

/** How a fault is typed after `faultline inject`: the other way of parseFault. */
export function injectWords(spec: FaultSpec): readonly string[] {
  return [spec.kind, '--on', spec.target, ...amount(spec)];
}

function amount(spec: FaultSpec): readonly string[] {
  switch (spec.kind) {
    case 'delay':
      return ['--ms', String(spec.ms), ...(spec.jitterMs ? ['--jitter', String(spec.jitterMs)] : [])];
    case 'loss':
      return ['--percent', String(spec.percent)];
    case 'drop-peer':
      return [
        ...spec.peers.flatMap((peer) => ['--peer', peer]),
        ...(spec.ways === 'both' ? [] : ['--ways', spec.ways]),
      ];
    case 'dns-answer':
      return ['--rcode', spec.rcode];
    case 'bandwidth':
      return ['--kbit', String(spec.kbitPerSecond), '--queue', String(spec.queueMs)];
    case 'cpu':
      return ['--cpus', String(spec.cpus)];
    case 'memory':
      return ['--memory', String(spec.bytes)];
    case 'allocate':
      return ['--memory', String(spec.bytes), '--victim', spec.victim];
    case 'open-files':
      return ['--limit', String(spec.limit)];
    case 'kill':
      return ['--signal', spec.signal];
    case 'disconnect':
      return ['--network', spec.network];
    default:
      return [];
  }
}
