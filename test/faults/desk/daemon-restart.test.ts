import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureImage } from '../../../source/engines/docker/images/ensure-image.js';
import { toolboxRecipe } from '../../../source/engines/docker/images/toolbox-image.js';
import { openEntries } from '../../../source/faults/desk/journal.js';
import { undoAll } from '../../../source/faults/desk/undo.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import {
  connected,
  dockerOf,
  notRun,
  OwnDaemon,
  whyNoDaemon,
  whyNoDocker,
} from '../../engines/docker/real-docker.js';
import { until } from '../../helpers/until.js';
import { type FaultStage, openStage } from './fault-stage.js';

const program = fileURLToPath(new URL('programs/hold-faults.mjs', import.meta.url));

const why = whyNoDaemon() ?? (await whyNoDocker());
if (why !== null) notRun('faults across a restart of the daemon', why);
describe.skipIf(why !== null)('a daemon that is restarted while a fault is there', () => {
  const daemon = new OwnDaemon();
  let stage: FaultStage;
  beforeAll(async () => {
    await daemon.start();
    await carryToolbox(daemon.host);
    stage = await openStage(daemon.host);
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    await daemon.remove();
  });

  const limitsOf = async (name: string) => (await stage.snapshot(name)).limits;

  /** Another console that holds a target to a fifth of a core for ten minutes, killed as soon as it does. */
  async function leave(target: string): Promise<void> {
    const env = { ...process.env, TEST_DOCKER_HOST: daemon.host };
    const spec = JSON.stringify([{ kind: 'cpu', target, cpus: 0.2 }]);
    const child = spawn(process.execPath, [program, spec, '600000'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const gone = once(child, 'exit');
    await until('it is caused', () => said.includes('caused') || child.exitCode !== null, 60_000);
    child.kill('SIGKILL');
    await gone;
    expect(said).toContain('caused');
  }

  test('its fault agents undo what outlives it, also for a dead console; what went with containers is no residue', async () => {
    const label = { 'faultline.target': 'true' };
    const targets = [
      await stage.target(label),
      await stage.target(label, 'always'),
      await stage.target(label),
    ];
    const [stays, returns, orphaned] = targets as [string, string, string];
    const before = await Promise.all(targets.map(limitsOf));
    await leave(orphaned);
    const desk = stage.desk();
    const specs: FaultSpec[] = [
      { kind: 'cpu', target: stays, cpus: 0.2 },
      { kind: 'cpu', target: returns, cpus: 0.2 },
      { kind: 'drop-peer', target: returns, peers: ['192.0.2.1'], ways: 'in' },
    ];
    const orphan = openEntries().entries.length;
    const ids: string[] = [];
    for (const spec of specs) ids.push((await desk.inject(spec, { scenario: 'test' })).plan.id);
    expect(await limitsOf(stays)).not.toBe(before[0]);
    await daemon.stop();
    await until('the loss was noticed', () => stage.engine.docker === null, 30_000);
    for (const { clean, detail } of await desk.undoAll()) {
      expect(clean).toBe(false);
      expect(detail).toMatch(/Docker at unix:.*faultline undo looks after it/);
    }
    expect(orphan).toBe(1);
    await daemon.start();
    await until('it is found again', () => stage.engine.docker !== null, 60_000);
    const filters = { label: ['faultline.fault'] };
    const agents = async () => (await dockerOf(stage.engine).listContainers({ all: true, filters })).length;
    await until('no fault agent is left', async () => (await agents()) === 0);
    expect(await Promise.all(targets.map(limitsOf))).toEqual(before);
    for (const id of ids) expect(await desk.undo(id)).toMatchObject({ clean: true, residue: [] });
    expect(await undoAll()).toEqual([]);
  }, 240_000);
});

/** The toolbox image from the machine's daemon to another. */
async function carryToolbox(host: string): Promise<void> {
  const [here, there] = [await connected(), await connected({ host })];
  const tag = await ensureImage(toolboxRecipe(), { docker: dockerOf(here) });
  const answer = await dockerOf(there).loadImage(await dockerOf(here).getImage(tag).get());
  await new Promise((resolve) => dockerOf(there).modem.followProgress(answer as never, resolve));
  await here.close();
  await there.close();
}
