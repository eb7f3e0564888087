import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentsOn } from '../../../source/faults/agent/agent-container.js';
import { undoAll } from '../../../source/faults/desk/undo.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import { notRun, whyNoDocker } from '../../engines/docker/real-docker.js';
import { until } from '../../helpers/until.js';
import { type FaultStage, openStage } from './fault-stage.js';

const scenario = 'test';
const drop = (target: string): FaultSpec => ({ kind: 'drop-peer', target, peers: ['192.0.2.1'], ways: 'in' });
const bandwidth = (target: string): FaultSpec => ({
  kind: 'bandwidth',
  target,
  kbitPerSecond: 1000,
  queueMs: 300,
});

const why = await whyNoDocker();
if (why !== null) notRun('faults in containers', why);
describe.skipIf(why !== null)('faults in containers', () => {
  let stage: FaultStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 300_000);
  afterAll(() => stage?.close(), 120_000);

  const agents = async (name: string) => {
    const { Id } = await stage.docker.getContainer(name).inspect();
    return agentsOn(stage.docker, Id);
  };

  test('several on one target, rolled back in any order: it is byte for byte as before', async () => {
    const target = await stage.target();
    const desk = stage.desk();
    const before = await stage.snapshot(target);
    const delay = await desk.inject({ kind: 'delay', target, ms: 150 }, { scenario });
    expect(delay.effect?.signal.split('→')[1]).toMatch(/min\/avg\/max\/mdev = 30\d\./);
    const loss = await desk.inject(drop(target), { scenario });
    const narrow = await desk.inject(bandwidth(target), { scenario });
    const pause = await desk.inject({ kind: 'pause', target }, { scenario });
    expect(desk.active().map(({ plan }) => plan.id)).toEqual(
      [delay, loss, narrow, pause].map(({ plan }) => plan.id),
    );
    expect(stage.openFaults()).toBe(4);
    expect((await agents(target)).length).toBe(4);
    for (const { plan } of [loss, pause, delay, narrow])
      expect(await desk.undo(plan.id)).toEqual({
        id: plan.id,
        what: plan.what,
        outcome: 'undone',
        clean: true,
        detail: 'undone',
        residue: [],
      });
    expect(await stage.snapshot(target)).toEqual(before);
    expect(stage.openFaults()).toBe(0);
    expect(await agents(target)).toEqual([]);
  });

  test('several at the same moment, by two consoles, and one of them ended between: none is held against another', async () => {
    const target = await stage.target();
    const [one, two] = [stage.desk(), stage.desk('another')];
    const before = await stage.snapshot(target);
    const [a, b, c] = await Promise.all([
      one.inject({ kind: 'cpu', target, cpus: 0.5 }, { scenario }),
      two.inject({ kind: 'pause', target }, { scenario }),
      one.inject(drop(target), { scenario }),
    ]);
    const verdicts = [await one.undo(a.plan.id), await one.undo(c.plan.id), await two.undo(b.plan.id)];
    expect(verdicts.flatMap(({ residue }) => residue)).toEqual([]);
    expect(verdicts.map(({ clean }) => clean)).toEqual([true, true, true]);
    expect(await stage.snapshot(target)).toEqual(before);
  });

  test('what somebody else changes meanwhile is said, and kept until it is taken as it is', async () => {
    const target = await stage.target();
    const desk = stage.desk();
    const { plan } = await desk.inject(drop(target), { scenario });
    await stage.docker.getContainer(target).update({ CpuQuota: 50_000 });
    const verdict = {
      clean: false,
      residue: ['limits: gone: cpu quota none', 'limits: new: cpu quota 50000'],
    };
    expect(await desk.undo(plan.id)).toMatchObject(verdict);
    expect(await undoAll()).toMatchObject([{ outcome: 'left', residue: verdict.residue }]);
    await stage.docker.getContainer(target).update({ CpuQuota: -1 });
    expect(await desk.undo(plan.id)).toMatchObject({ clean: true });
    expect(stage.openFaults()).toBe(0);
  });

  test('left alone it ends by itself; renewed it stays', async () => {
    const [left, renewed] = [await stage.target(), await stage.target()];
    const desk = stage.desk();
    const before = await stage.snapshot(left);
    const options = { scenario, ttlMs: 4_000 };
    const short = await desk.inject(drop(left), { ...options, renew: false });
    const long = await desk.inject(drop(renewed), options);
    await until('it has ended by itself', () => desk.active().length === 1, 20_000);
    expect(desk.active()[0]?.plan.id).toBe(long.plan.id);
    const expiresAt = (): number => desk.active()[0]?.expiresAt ?? 0;
    await until('it was renewed', () => expiresAt() > long.expiresAt);
    expect(await stage.snapshot(left)).toEqual(before);
    expect(await desk.undo(short.plan.id)).toMatchObject({ clean: true, detail: 'it had ended by itself' });
    expect(await stage.inside(renewed, 'nft', 'list', 'ruleset')).toContain('192.0.2.1');
    expect(await desk.undo(long.plan.id)).toMatchObject({ clean: true });
  });

  test('of two consoles that want the same at the same time one gets it; who holds it is said', async () => {
    const target = await stage.target();
    const desks = [stage.desk('another'), stage.desk('another')] as const;
    const asked = await Promise.allSettled(desks.map((desk) => desk.inject(drop(target), { scenario })));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusal = asked.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(String(refusal.reason)).toMatch(/already is a fault of this kind, f[0-9a-z]+/);
    expect(await agents(target)).toHaveLength(1);
    await expect(desks[0].inject(drop(target), { scenario })).rejects.toThrow(
      'Undo it first: faultline undo',
    );
    const closed = await Promise.all(desks.map((desk) => desk.close()));
    expect(closed.flat().map(({ clean }) => clean)).toEqual([true]);
    expect(stage.openFaults()).toBe(0);
    await expect(desks[0].inject(drop(target), { scenario })).rejects.toThrow('closing');
  });

  test('what is not labelled is left alone unless it is confirmed', async () => {
    const target = await stage.target({});
    const desk = stage.desk();
    await expect(desk.inject(drop(target), { scenario })).rejects.toThrow('--label faultline.target=true');
    const { plan } = await desk.inject(drop(target), { scenario, confirmed: true });
    expect(await desk.undo(plan.id)).toMatchObject({ clean: true });
    await expect(desk.inject(drop('faultline-no-such'), { scenario })).rejects.toThrow(
      'there is no container',
    );
  });

  test('rules and queues of others stay as they are, and stand in the way where they would be touched', async () => {
    const target = await stage.target();
    const desk = stage.desk();
    await stage.inside(target, 'tc', 'qdisc', 'add', 'dev', 'eth0', 'root', 'handle', '1:', 'htb');
    const rules = 'table inet mine { chain a { type filter hook input priority 0; tcp dport 9 drop; }; }';
    await stage.inside(target, 'nft', rules);
    await stage.inside(target, 'iptables-legacy', '-A', 'INPUT', '-p', 'tcp', '--dport', '9', '-j', 'DROP');
    const before = await stage.snapshot(target);
    expect(JSON.stringify(before)).toMatch(/dport 9.*htb 1:/s);
    const refused = desk.inject(bandwidth(target), { scenario });
    await expect(refused).rejects.toThrow(
      /queueing discipline that someone else set \(qdisc htb 1: dev eth\S+ root/,
    );
    const { plan } = await desk.inject(drop(target), { scenario });
    expect(await desk.undo(plan.id)).toMatchObject({ clean: true });
    expect(await stage.snapshot(target)).toEqual(before);
  });

  test('what fails half-way is undone at once', async () => {
    const target = await stage.target();
    const desk = stage.desk();
    const before = await stage.snapshot(target);
    // The queue is opened, then the rule names a peer that is none.
    const broken: FaultSpec = { kind: 'drop-peer', target, peers: ['192.0.2.1', 'nobody'], ways: 'in' };
    await expect(desk.inject(broken, { scenario })).rejects.toThrow(
      /could not be caused: nft.*nothing of it is left/s,
    );
    const given = new AbortController();
    const giveUp = (text: string): void => {
      if (text.includes('checking its effect')) given.abort(new Error('given up'));
    };
    const asked = { scenario, signal: given.signal, progress: giveUp };
    await expect(desk.inject({ kind: 'pause', target }, asked)).rejects.toThrow(/given up.*nothing of it/s);
    expect(await stage.snapshot(target)).toEqual(before);
    expect(stage.openFaults()).toBe(0);
  });

  test('a target that is restarted, killed or removed takes its rules along; what stays is undone', async () => {
    const [restarted, paused, removed, killed] = await Promise.all([1, 2, 3, 4].map(() => stage.target()));
    if (!restarted || !paused || !removed || !killed) throw new Error('no targets');
    const desk = stage.desk();
    const ids: string[] = [];
    for (const spec of [
      drop(restarted),
      { kind: 'pause', target: paused } as const,
      drop(removed),
      bandwidth(killed),
    ])
      ids.push((await desk.inject(spec, { scenario })).plan.id);
    await stage.docker.getContainer(restarted).restart({ t: 0 });
    await stage.docker.getContainer(killed).kill();
    // A hand that thaws it: nothing is left to undo, and that is no error.
    await stage.docker.getContainer(paused).unpause();
    await stage.docker.getContainer(removed).remove({ force: true });
    const verdicts = await Promise.all(ids.map((id) => desk.undo(id)));
    expect(verdicts.map(({ clean }) => clean)).toEqual([true, true, true, true]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['undone', 'undone', 'target gone', 'undone']);
    expect(verdicts[0]?.detail).toContain('restarted');
    expect(verdicts[2]?.detail).toContain('gone');
    expect(verdicts[3]?.detail).toContain('stopped');
    expect(stage.openFaults()).toBe(0);
  });

  test('when its fault agent is killed the console rolls it back at once', async () => {
    const target = await stage.target();
    const desk = stage.desk();
    const before = await stage.snapshot(target);
    const { plan } = await desk.inject(bandwidth(target), { scenario });
    await stage.docker.getContainer(`faultline-${plan.id}`).kill({ signal: 'SIGKILL' });
    await until('the desk noticed', () => desk.active().length === 0, 20_000);
    expect(await stage.snapshot(target)).toEqual(before);
    expect(await desk.undo(plan.id)).toMatchObject({
      clean: true,
      detail: 'its fault agent was gone; undone from here',
    });
    expect(await undoAll()).toEqual([]);
  });

  test('a fault agent that crashes is started again by the daemon, and rolls back at once', async () => {
    const target = await stage.target();
    const desk = stage.desk();
    const { plan } = await desk.inject({ kind: 'pause', target }, { scenario, ttlMs: 9_000 });
    const since = desk.active()[0]?.expiresAt ?? 0;
    // A renewed one, too.
    await until('it was renewed', () => (desk.active()[0]?.expiresAt ?? 0) > since, 30_000);
    const { State } = await stage.docker.getContainer(`faultline-${plan.id}`).inspect();
    process.kill(State.Pid, 'SIGKILL');
    await until('the desk noticed', () => desk.active().length === 0, 30_000);
    expect(await desk.undo(plan.id)).toMatchObject({ clean: true, detail: 'it had ended by itself' });
    expect((await stage.snapshot(target)).state).toBe('running');
    expect(await agents(target)).toEqual([]);
  });
});
