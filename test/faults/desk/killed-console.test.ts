import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askOwners } from '../../../source/commands/undo/ask-owners.js';
import { openEntries } from '../../../source/faults/desk/journal.js';
import { undoAll } from '../../../source/faults/desk/undo.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import { snapshotDifference } from '../../../source/faults/observe/difference.js';
import { notRun, whyNoDocker } from '../../engines/docker/real-docker.js';
import { eventually, until } from '../../helpers/until.js';
import { type FaultStage, openStage } from './fault-stage.js';

const program = fileURLToPath(new URL('programs/hold-faults.mjs', import.meta.url));
const TTL_MS = 6_000;
/** What comes on top of the lease: a busy machine's time to start, undo and look. */
const SLACK_MS = 45_000;

const why = await whyNoDocker();
if (why !== null) notRun('faults of killed consoles', why);
describe.skipIf(why !== null)('a console that is killed', () => {
  let stage: FaultStage;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    stage = await openStage();
  }, 300_000);
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => stage?.close(), 120_000);

  /** Another console that causes faults; resolves at what it says first. */
  async function console_(specs: readonly FaultSpec[], say: 'ready' | 'caused', ttlMs = TTL_MS) {
    const child = spawn(process.execPath, [program, JSON.stringify(specs), String(ttlMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until(`it is ${say}`, () => said.includes(say) || child.exitCode !== null, 60_000);
    expect(child.exitCode).toBeNull();
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  test('at any moment of an injection: within the lease its target is byte for byte as before', async () => {
    const network = stage.network;
    const kinds: ((target: string) => FaultSpec)[] = [
      (target) => ({ kind: 'drop-peer', target, peers: ['192.0.2.1'], ways: 'both' }),
      (target) => ({ kind: 'delay', target, ms: 100 }),
      (target) => ({ kind: 'bandwidth', target, kbitPerSecond: 1000, queueMs: 300 }),
      (target) => ({ kind: 'cpu', target, cpus: 0.1 }),
      (target) => ({ kind: 'pause', target }),
      (target) => ({ kind: 'disconnect', target, network }),
    ];
    const found: Record<string, readonly string[]> = {};
    const rounds = await Promise.all(
      kinds.map(async (kind) => {
        const target = await stage.target();
        return { target, spec: kind(target), before: await stage.snapshot(target) };
      }),
    );
    await Promise.all(
      rounds.map(async ({ target, spec, before }) => {
        const child = await console_([spec], 'ready');
        await sleep(Math.random() * 4_000);
        await kill(child);
        await eventually(async () => {
          const difference = snapshotDifference(before, await stage.snapshot(target));
          found[spec.kind] = difference;
          return difference.length === 0;
        }, TTL_MS + SLACK_MS);
      }),
    );
    expect(Object.values(found).flat(), JSON.stringify(found)).toEqual([]);
    const undone = await undoAll();
    expect(undone.filter(({ outcome }) => outcome === 'left')).toEqual([]);
    expect(openEntries().entries).toEqual([]);
  }, 300_000);

  test('with its fault agent: the lease ends what it did, and undo clears what is left', async () => {
    const [leased, timed] = [await stage.target(), await stage.target()];
    const before = [await stage.snapshot(leased), await stage.snapshot(timed)];
    const child = await console_(
      [
        { kind: 'drop-peer', target: leased, peers: ['192.0.2.1'], ways: 'both' },
        { kind: 'bandwidth', target: timed, kbitPerSecond: 1000, queueMs: 300 },
      ],
      'caused',
    );
    await kill(child);
    for (const { undo } of openEntries().entries)
      for (const step of undo)
        if (step.kind === 'docker') await stage.docker.getContainer(step.agent).kill({ signal: 'SIGKILL' });
    let rules = '';
    await until('the lease is over', async () => {
      rules = await stage.inside(leased, 'nft', 'list', 'ruleset');
      return !rules.includes('192.0.2.1');
    });
    expect(rules).toContain('faultline_');
    expect(rules).not.toContain('192.0.2.1');
    expect(JSON.stringify(await stage.snapshot(timed))).toContain('tbf');
    const undone = await undoAll();
    expect(undone.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['undone', 'its fault agent was gone; undone from here'],
      ['undone', 'its fault agent was gone; undone from here'],
    ]);
    expect([await stage.snapshot(leased), await stage.snapshot(timed)]).toEqual(before);
    expect(await undoAll()).toEqual([]);
  });

  test('and one that lives is asked to take its own back', async () => {
    const target = await stage.target();
    const before = await stage.snapshot(target);
    const child = await console_([{ kind: 'pause', target }], 'caused', 120_000);
    expect(await undoAll()).toMatchObject([
      { outcome: 'left', detail: expect.stringContaining(`${child.pid}`) },
    ]);
    expect(await askOwners()).toEqual([expect.stringContaining(`undone by its console (pid ${child.pid})`)]);
    expect(child.exitCode).toBeNull();
    expect(await stage.snapshot(target)).toEqual(before);
  });
});
