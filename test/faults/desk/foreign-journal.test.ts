import { expect, it } from 'vitest';
import { parseEntry } from '../../../source/faults/desk/journal.js';
import { ownPlan } from '../../../source/faults/desk/undo-container.js';
import type { AgentStep, FaultPlan } from '../../../source/faults/fault-plan.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import { planFault } from '../../../source/faults/kinds/planner.js';
import type { HostMeans } from '../../../source/faults/plan/looks.js';
import { surroundings, TARGET_ID } from '../plan/stage.js';

const target = 'web';
const limited = { limits: { ...surroundings().target.limits, memory: 64 << 20 } };
const SPECS: readonly FaultSpec[] = [
  { kind: 'delay', target, ms: 100 },
  { kind: 'loss', target, percent: 10 },
  { kind: 'drop-peer', target, peers: ['192.0.2.1', '2001:db8::1'], ways: 'both' },
  { kind: 'dns-answer', target, rcode: 'NXDOMAIN' },
  { kind: 'dns-drop', target },
  { kind: 'bandwidth', target, kbitPerSecond: 1000, queueMs: 300 },
  { kind: 'cpu', target, cpus: 0.5 },
  { kind: 'memory', target, bytes: 32 << 20 },
  { kind: 'allocate', target, bytes: 80 << 20, victim: 'worker' },
  { kind: 'allocate', target, bytes: 80 << 20, victim: 'pid-1' },
  { kind: 'open-files', target, limit: 64 },
  { kind: 'kill', target, signal: 'SIGKILL' },
  { kind: 'pause', target },
  { kind: 'disconnect', target, network: 'lab' },
];
const MEANS: readonly Partial<HostMeans>[] = [
  {},
  { netem: null },
  { nftQueue: null },
  { iptablesNft: 'none' },
  { egress: 'none' },
];

const planOf = (spec: FaultSpec, means: Partial<HostMeans> = {}): FaultPlan =>
  planFault(spec, surroundings({ means, target: limited }));

function stepOf(plan: FaultPlan, agent = `faultline-${plan.id}`) {
  const rest = { endpoint: 'unix:///var/run/docker.sock', snapshot: {}, beside: [], expiresAt: 2 };
  return { kind: 'docker', plan, agent, image: 'faultline/toolbox:1', ...rest } as const;
}

it('every kind writes what it may be undone by, whatever it is done with here', () => {
  for (const spec of SPECS)
    for (const means of MEANS) {
      const plan = planOf(spec, means);
      const own = ownPlan(stepOf(plan));
      expect(own, JSON.stringify(own)).toMatchObject({ undo: plan.undo, apply: [], renew: [] });
    }
});

const host = { Image: 'debian', HostConfig: { Binds: ['/:/host'], Privileged: true } };
const call = (path: string, body?: unknown, method: 'POST' | 'DELETE' = 'POST'): AgentStep => ({
  do: 'docker',
  method,
  path,
  ...(body === undefined ? {} : { body }),
});
const OTHER = 'cd'.repeat(32);
const STEPS: readonly AgentStep[] = [
  call('/containers/create', host),
  call('/containers/create?name=x', host),
  call(`/containers/${OTHER}/start`),
  call(`/containers/${TARGET_ID}/start`, { Binds: ['/:/host'] }),
  call(`/containers/${TARGET_ID}/start/../../create`, host),
  call(`/containers/${TARGET_ID}/exec`, { Cmd: ['sh'], Privileged: true }),
  call(`/containers/${OTHER}/exec`, { Cmd: ['sh'] }),
  call(`/containers/${TARGET_ID}`, undefined, 'DELETE'),
  call(`/containers/${TARGET_ID}/update`, { Devices: [{ PathOnHost: '/dev/sda' }] }),
  call(`/containers/${TARGET_ID}/update`, { CpuQuota: -1, Devices: 1 }),
  call(`/containers/${TARGET_ID}/update`, { Memory: '1', MemorySwap: 1 }),
  call(`/containers/${OTHER}/update`, { CpuQuota: -1 }),
  call('/networks/host/connect', { Container: OTHER, EndpointConfig: {} }),
  call('/networks/../containers/create/connect', { Container: TARGET_ID, EndpointConfig: {} }),
  call('/networks/n1/connect', { Container: TARGET_ID, EndpointConfig: {}, Force: true }),
  call('/networks/n1/connect', {
    Container: TARGET_ID,
    EndpointConfig: { IPAMConfig: { IPv4Address: 'x' } },
  }),
  call('/networks/n1/connect', { Container: TARGET_ID, EndpointConfig: { NetworkID: 'host' } }),
  call('/swarm/leave?force=1'),
  { do: 'run', command: ['sh', '-c', 'id'] },
  { do: 'run', command: ['python3', '-I', '-c', 'x', '1', '2', '3'] },
  { do: 'run', command: ['nft', '-f', '-'], stdin: 'flush ruleset\n' },
  { do: 'run', command: ['nft', '-f', '-'], stdin: 'delete table inet faultline_fother\n' },
  { do: 'run', command: ['nft', '-f', '-'] },
  { do: 'run', command: ['nft', 'delete', 'chain', 'ip', 'nat', 'DOCKER'] },
  { do: 'run', command: ['tc', 'qdisc', 'del', 'dev', 'eth0', 'root', 'handle', '1:'] },
  { do: 'run', command: ['ip', 'link', 'set', 'dev', 'eth0', 'down'] },
  { do: 'run', command: ['iptables-nft', '-F'] },
  { do: 'exec', command: ['sh', '-c', 'id'] },
  { do: 'exec', command: ['sh', '-c', 'id', 'sh', 'faultline_fabc123', 'KILL', '-', ''] },
  { do: 'exec', command: ['sh', '-c', 'id', 'sh', 'faultline_fother', 'KILL', '-', ''], user: '0:0' },
  { do: 'queue', number: 1, delayMs: 1, jitterMs: 0, lossPercent: 100 },
  { do: 'answer', port: 53, rcode: 'SERVFAIL' },
];

it.each(SPECS.map((spec) => [spec.kind, spec] as const))('%s: no other step is done', (_kind, spec) => {
  const plan = planOf(spec);
  for (const step of STEPS)
    expect(ownPlan(stepOf({ ...plan, undo: [...plan.undo, step] })), JSON.stringify(step)).toMatch(
      /^refused: no fault of kind .* is undone by /,
    );
});

it('a kind is not undone by the step of another', () => {
  const kill = planOf({ kind: 'kill', target, signal: 'SIGKILL' });
  const pause = planOf({ kind: 'pause', target });
  expect(ownPlan(stepOf({ ...pause, undo: kill.undo }))).toContain(
    'no fault of kind pause is undone by POST',
  );
});

it('programs are those of today, whatever text the journal has', () => {
  for (const spec of SPECS.filter(({ kind }) => kind === 'open-files' || kind === 'allocate')) {
    const plan = planOf(spec);
    const at = spec.kind === 'allocate' ? 2 : 3;
    const undo = plan.undo.map((step) =>
      step.do === 'run' || step.do === 'exec'
        ? { ...step, command: step.command.with(at, 'import os') }
        : step,
    );
    expect(ownPlan(stepOf({ ...plan, undo }))).toMatchObject({ undo: plan.undo });
  }
});

it('an agent gets no more than its kind needs, and is its own', () => {
  const loss = planOf({ kind: 'loss', target, percent: 10 });
  const pause = planOf({ kind: 'pause', target });
  for (const [plan, more] of [
    [loss, { socket: true }],
    [loss, { pid: true }],
    [loss, { capabilities: ['SYS_PTRACE'] }],
    [loss, { user: '0:0' }],
    [pause, { network: 'target' }],
    [pause, { capabilities: ['NET_ADMIN'] }],
    [pause, { pid: true }],
  ] as const) {
    const agent = { ...plan.agent, ...more } as FaultPlan['agent'];
    expect(ownPlan(stepOf({ ...plan, agent })), JSON.stringify(more)).toContain(
      'has an agent with such rights',
    );
  }
  expect(ownPlan(stepOf(loss, 'my-database'))).toContain('my-database is no agent of fault fabc123');
});

it.each([
  [
    'a signal that ends a process',
    { kind: 'signal', process: { pid: 9, startTime: '1' }, signal: 'SIGKILL' },
  ],
  ['an image of somebody else', { ...stepOf(planOf({ kind: 'pause', target })), image: 'evil:latest' }],
  ['a lab that is none of Swarm', { kind: 'swarm-lab', endpoint: 'unix:///x', lab: 'ab12', made: null }],
  ['a step that there is not', { kind: 'shell', command: 'id' }],
])('%s is no entry', (_what, step) => {
  const { agent, plan, ...rest } = step as unknown as ReturnType<typeof stepOf>;
  const written =
    plan === undefined
      ? step
      : { ...rest, keeper: agent, plan: { ...plan, agent: undefined, keeper: plan.agent } };
  const entry = {
    id: 'x',
    at: 1,
    scenario: 'inject',
    substrate: 'docker',
    target: { lab: 'a1', workload: 'web', process: null },
    what: 'x',
    undo: [written],
    owner: { pid: 1, startTime: '3' },
  };
  expect(parseEntry(JSON.stringify(entry))).toBeNull();
  expect(parseEntry(JSON.stringify({ ...entry, undo: [{ kind: 'lab', lab: 'a1' }] }))).not.toBeNull();
});
