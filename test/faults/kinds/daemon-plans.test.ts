import { describe, expect, it } from 'vitest';
import type { FaultPlan } from '../../../source/faults/fault-plan.js';
import { planFault } from '../../../source/faults/kinds/planner.js';
import type { LimitFacts, NetworkFacts } from '../../../source/faults/observe/target.js';
import { surroundings, TARGET_ID } from '../plan/stage.js';

const target = 'web';
const none = surroundings().target.limits;
const limited = (limits: Partial<LimitFacts>) => surroundings({ target: { limits: { ...none, ...limits } } });
const bodies = (steps: FaultPlan['apply']): unknown[] =>
  steps.map((step) => (step.do === 'docker' ? step.body : step.do));

describe('CPU limit', () => {
  it.each([
    ['none', {}, { CpuQuota: 5000 }, { CpuQuota: -1 }],
    ['--cpus 2', { nanoCpus: 2e9 }, { NanoCpus: 50_000_000 }, { NanoCpus: 2e9 }],
    ['a quota', { cpuQuota: 20_000, cpuPeriod: 50_000 }, { CpuQuota: 2500 }, { CpuQuota: 20_000 }],
    ['one that was taken away', { cpuQuota: -1 }, { CpuQuota: 5000 }, { CpuQuota: -1 }],
  ])('where there was %s it comes back', (_name, limits, apply, undo) => {
    const plan = planFault({ kind: 'cpu', target, cpus: 0.05 }, limited(limits));
    expect(bodies(plan.apply)).toEqual([apply]);
    expect(bodies(plan.undo)).toEqual([undo]);
  });
});

describe('memory limit', () => {
  const MIB = 1 << 20;
  const unlimited = 2 ** 63 - 4096;

  it.each([
    ['none', {}, { Memory: unlimited, MemorySwap: unlimited }],
    [
      'a limit with swap',
      { memory: 64 * MIB, memorySwap: 128 * MIB },
      { Memory: 64 * MIB, MemorySwap: 128 * MIB },
    ],
    [
      'a limit with endless swap',
      { memory: 64 * MIB, memorySwap: -1 },
      { Memory: 64 * MIB, MemorySwap: unlimited },
    ],
  ])('where there was %s it comes back', (_name, limits, undo) => {
    const plan = planFault({ kind: 'memory', target, bytes: 50 * MIB }, limited(limits));
    expect(bodies(plan.apply)).toEqual([{ Memory: 50 * MIB, MemorySwap: 50 * MIB }]);
    expect(bodies(plan.undo)).toEqual([undo]);
  });

  it('is not put below what the target holds, what it reserves, or what the daemon takes', () => {
    const spec = { kind: 'memory', target, bytes: 10 * MIB } as const;
    expect(() => planFault(spec, surroundings())).toThrow('web holds 10 MiB that cannot be given back');
    const reserved = surroundings({
      memoryInUse: 0,
      target: { limits: { ...none, memoryReservation: 20 * MIB } },
    });
    expect(() => planFault(spec, reserved)).toThrow('reservation of 20 MiB');
    expect(() => planFault({ ...spec, bytes: MIB }, surroundings())).toThrow('a limit in bytes is 1048576');
  });
});

describe('allocation', () => {
  const spec = { kind: 'allocate', target, bytes: 80_000_000 } as const;

  it('is not taken from the whole machine', () => {
    expect(() => planFault({ ...spec, victim: 'worker' }, surroundings())).toThrow('web has no memory limit');
  });

  it('of a worker: it runs as the user of the first process and is ended as a group', () => {
    const plan = planFault({ ...spec, victim: 'worker' }, limited({ memory: 64 << 20 }));
    expect(plan.apply).toHaveLength(1);
    expect(plan.apply[0]).toMatchObject({ do: 'exec', user: '33:33' });
    expect(plan.apply[0]?.do === 'exec' && plan.apply[0].command.slice(3)).toEqual([
      'faultline_fabc123-taker',
      '80000000',
      '30',
      'worker',
      '1',
    ]);
    expect(plan.undo[0]?.do === 'exec' && plan.undo[0].command.slice(4)).toEqual([
      'faultline_fabc123',
      'KILL',
      '-',
      '',
    ]);
  });

  it('against the first process: in parts, its score put back, and it is started again', () => {
    const plan = planFault({ ...spec, victim: 'pid-1' }, limited({ memory: 64 << 20 }));
    expect(plan.apply[0]?.do === 'exec' && plan.apply[0].command.slice(4)).toEqual([
      '20000000',
      '30',
      'pid-1',
      '1 2 3 4',
    ]);
    expect(plan.undo[0]?.do === 'exec' && plan.undo[0].command.at(-1)).toBe('-7');
    expect(plan.undo[1]).toMatchObject({ path: `/containers/${TARGET_ID}/start`, okStatus: [304, 404] });
  });
});

describe('open files', () => {
  it('sets the soft limit alone, as the user of the first process, and back', () => {
    const plan = planFault({ kind: 'open-files', target, limit: 64 }, surroundings());
    const words = (steps: FaultPlan['apply']) =>
      steps.map((step) => step.do === 'run' && step.command.slice(4));
    expect(words(plan.apply)).toEqual([['1024', '64']]);
    expect(words(plan.undo)).toEqual([['64', '1024']]);
    expect(plan.agent).toMatchObject({ pid: true, user: '33:33', capabilities: [], socket: false });
  });

  it('does not go over the hard limit, which it could not take back', () => {
    expect(() => planFault({ kind: 'open-files', target, limit: 5000 }, surroundings())).toThrow(
      'hard limit',
    );
  });
});

describe('state', () => {
  it('kill is undone by a start, pause by an unpause', () => {
    const kill = planFault({ kind: 'kill', target, signal: 'sigterm' }, surroundings());
    expect(kill.apply).toMatchObject([{ path: `/containers/${TARGET_ID}/kill?signal=SIGTERM` }]);
    expect(kill.undo).toMatchObject([{ path: `/containers/${TARGET_ID}/start`, okStatus: [304, 404] }]);
    const pause = planFault({ kind: 'pause', target }, surroundings());
    expect(pause.undo).toMatchObject([{ path: `/containers/${TARGET_ID}/unpause` }]);
  });

  it('a task of a service is replaced by it, and started by nobody', () => {
    const plan = planFault(
      { kind: 'kill', target, signal: 'SIGKILL' },
      surroundings({ target: { orchestrated: true } }),
    );
    expect(plan.undo).toEqual([]);
    expect(plan.insteadOf).toContain('its service replaces it');
  });

  it('refuses what could not be undone, and what would do nothing', () => {
    const kill = { kind: 'kill', target, signal: 'SIGKILL' } as const;
    expect(() => planFault(kill, surroundings({ target: { autoRemove: true } }))).toThrow('--rm');
    expect(() => planFault({ ...kill, signal: 'SIGCHLD; reboot' }, surroundings())).toThrow(
      'does not end a process',
    );
    expect(() => planFault({ kind: 'pause', target }, surroundings({ target: { paused: true } }))).toThrow(
      'paused already',
    );
  });

  it('a network comes back with what was asked for: an address only where one was', () => {
    const spec = { kind: 'disconnect', target, network: 'lab' } as const;
    expect(bodies(planFault(spec, surroundings()).undo)).toEqual([
      { Container: TARGET_ID, EndpointConfig: { Aliases: ['web'] } },
    ]);
    const [lab] = surroundings().target.networks as [NetworkFacts];
    const asked = {
      ipam: { IPv4Address: '172.18.0.5' },
      aliases: ['web', 'shop'],
      links: ['db:db'],
      driverOpts: { 'com.docker.network.endpoint.sysctls': 'net.ipv4.conf.IFNAME.log_martians=1' },
      gatewayPriority: 3,
    };
    const rest = {
      Aliases: asked.aliases,
      Links: asked.links,
      DriverOpts: asked.driverOpts,
      GwPriority: 3,
    };
    const fixed = planFault(spec, surroundings({ target: { networks: [{ ...lab, asked }] } }));
    expect(bodies(fixed.undo)).toEqual([
      { Container: TARGET_ID, EndpointConfig: { IPAMConfig: asked.ipam, ...rest } },
      { Container: TARGET_ID, EndpointConfig: rest },
    ]);
  });

  it('a network that is not there is refused', () => {
    expect(() => planFault({ kind: 'disconnect', target, network: '../x' }, surroundings())).toThrow(
      'it is on lab',
    );
  });
});
