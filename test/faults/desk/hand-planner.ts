import type { AgentNeeds, FaultPlan } from '../../../source/faults/fault-plan.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import type { Planner } from '../../../source/faults/kinds/planner.js';
import type { PlanContext } from '../../../source/faults/plan/surroundings.js';

type Body = Pick<FaultPlan, 'what' | 'means' | 'ending' | 'apply' | 'renew' | 'undo' | 'agent'>;

const inside: AgentNeeds = {
  capabilities: ['NET_ADMIN'],
  network: 'target',
  pid: false,
  socket: false,
};

/** Plans of few kinds, by hand: what carries a plan out is tried with them, whatever the product's plans are. */
export const handPlanner: Planner = {
  async plan(spec, { identity: target }, context) {
    const { id, ttlMs } = context;
    const ping = { name: 'ping', command: ['ping', '-U', '-c', '2', '-i', '0.2', '-q', '127.0.0.1'] };
    const readings = spec.kind === 'delay' ? [ping] : [];
    return { id, spec, target, insteadOf: null, ttlMs, readings, ...bodyOf(spec, context, target.id) };
  },
  effectOf(_plan, before, after) {
    return {
      verdict: 'Confirmed',
      signal: `${before.readings.ping?.output} → ${after.readings.ping?.output}`,
    };
  },
};

function bodyOf(spec: FaultSpec, { id, ttlMs }: PlanContext, target: string): Body {
  if (spec.kind === 'delay') return delay(id, spec.ms);
  if (spec.kind === 'drop-peer') return drop(id, ttlMs, spec.peers);
  if (spec.kind === 'bandwidth') return bandwidth();
  if (spec.kind === 'pause') return pause(target);
  if (spec.kind === 'cpu') return cpu(target, spec.cpus);
  throw new Error(`no plan by hand for ${spec.kind}`);
}

function delay(id: string, ms: number): Body {
  const rule = (verb: string): string[] => [
    ...['iptables', '-w', '-t', 'mangle', verb, 'INPUT', '-m', 'comment', '--comment', `faultline_${id}`],
    ...['-j', 'NFQUEUE', '--queue-num', '77', '--queue-bypass'],
  ];
  return {
    what: `every packet waits ${ms} ms`,
    means: 'NFQUEUE',
    ending: 'fail-open',
    apply: [
      { do: 'queue', number: 77, delayMs: ms, jitterMs: 0, lossPercent: 0 },
      { do: 'run', command: rule('-A') },
    ],
    renew: [],
    undo: [{ do: 'run', command: rule('-D'), okCodes: [1] }],
    agent: inside,
  };
}

function drop(id: string, ttlMs: number, peers: readonly string[]): Body {
  const table = `inet faultline_${id}`;
  const elements = peers.map((peer) => `${peer} timeout ${ttlMs}ms`).join(', ');
  const nft = (stdin: string) => ({ do: 'run', command: ['nft', '-f', '-'], stdin }) as const;
  const set = `add set ${table} peers { type ipv4_addr; flags timeout; elements = { ${elements} }; }`;
  return {
    what: `packets from ${peers.join(', ')} are lost`,
    means: 'nft',
    ending: 'kernel lease',
    apply: [
      nft(
        `create table ${table}\n${set}\nadd chain ${table} in { type filter hook prerouting priority raw; }\n` +
          `add rule ${table} in ip saddr @peers counter drop\n`,
      ),
    ],
    renew: peers.map((peer) =>
      nft(
        `add element ${table} peers { ${peer} }\ndelete element ${table} peers { ${peer} }\n` +
          `add element ${table} peers { ${peer} timeout ${ttlMs}ms }\n`,
      ),
    ),
    undo: [nft(`add table ${table}\ndelete table ${table}\n`)],
    agent: inside,
  };
}

function bandwidth(): Body {
  const tbf = ['root', 'handle', 'fa17:', 'tbf', 'rate', '1mbit', 'burst', '8kb', 'latency', '300ms'];
  return {
    what: 'what it sends is held to 1 Mbit/s',
    means: 'tbf',
    ending: 'timer',
    apply: [{ do: 'run', command: ['tc', 'qdisc', 'add', 'dev', 'eth0', ...tbf] }],
    renew: [],
    undo: [
      { do: 'run', command: ['tc', 'qdisc', 'del', 'dev', 'eth0', 'root', 'handle', 'fa17:'], okCodes: [2] },
      // A queue on a veth gives it a length, which stays.
      { do: 'run', command: ['ip', 'link', 'set', 'eth0', 'txqueuelen', '0'] },
    ],
    agent: inside,
  };
}

function pause(id: string): Body {
  return {
    what: 'it is paused',
    means: 'docker pause',
    ending: 'timer',
    apply: [{ do: 'docker', method: 'POST', path: `/containers/${id}/pause` }],
    renew: [],
    undo: [{ do: 'docker', method: 'POST', path: `/containers/${id}/unpause`, okStatus: [404, 409, 500] }],
    agent: { capabilities: [], network: 'none', pid: false, socket: true },
  };
}

/** For a target without a limit. */
function cpu(id: string, cpus: number): Body {
  const update = (CpuQuota: number) =>
    ({ do: 'docker', method: 'POST', path: `/containers/${id}/update`, body: { CpuQuota } }) as const;
  return {
    what: `it is held to ${cpus} cores`,
    means: 'docker update',
    ending: 'timer',
    apply: [update(cpus * 100_000)],
    renew: [],
    undo: [update(-1)],
    agent: { capabilities: [], network: 'none', pid: false, socket: true },
  };
}
