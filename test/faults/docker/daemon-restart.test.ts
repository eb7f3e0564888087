import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureImage } from '../../../source/engines/docker/images/ensure-image.js';
import { undoAll } from '../../../source/faults/undo.js';
import {
  connected,
  dockerOf,
  notRun,
  OwnDaemon,
  until,
  whyNoDaemon,
  whyNoDocker,
} from '../../engines/docker/real-docker.js';
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
  }, 120_000);

  test('what a dead console left is taken back by its keeper, which the daemon brings back', async () => {
    const target = await stage.target();
    const before = (await stage.snapshot(target)).limits;
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
    await until('it is caused', () => said.includes('caused'), 60_000);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect((await stage.snapshot(target)).limits).not.toBe(before);
    await daemon.stop();
    await until('the loss was noticed', () => stage.engine.docker === null, 30_000);
    await daemon.start();
    await until('it is found again', () => stage.engine.docker !== null, 60_000);
    const docker = dockerOf(stage.engine);
    const filters = { label: ['faultline.fault'] };
    for (let look = 0; look < 100 && (await docker.listContainers({ all: true, filters })).length > 0; look++)
      await sleep(200);
    expect(await docker.listContainers({ all: true, filters })).toEqual([]);
    expect((await stage.snapshot(target)).limits).toBe(before);
    expect(await undoAll()).toMatchObject([{ outcome: 'undone', detail: 'it had ended by itself' }]);
  }, 180_000);

  test('limits that outlive it are taken back; what went with its containers is no residue', async () => {
    const label = { 'faultline.target': 'true' };
    const [stays, returns] = [await stage.target(label), await stage.target(label, 'always')];
    const limitsOf = async (name: string) => (await stage.snapshot(name)).limits;
    const before = [await limitsOf(stays), await limitsOf(returns)];
    const desk = stage.desk();
    const faults = [
      await desk.inject({ kind: 'cpu', target: stays, cpus: 0.2 }, { scenario: 'test' }),
      await desk.inject({ kind: 'cpu', target: returns, cpus: 0.2 }, { scenario: 'test' }),
      await desk.inject(
        { kind: 'drop-peer', target: returns, peers: ['192.0.2.1'], ways: 'in' },
        { scenario: 'test' },
      ),
    ];
    const held = await limitsOf(stays);
    expect(held).not.toBe(before[0]);
    await daemon.stop();
    await until('the loss was noticed', () => stage.engine.docker === null, 30_000);
    const verdicts = await desk.undoAll();
    for (const { clean, detail } of verdicts) {
      expect(clean).toBe(false);
      expect(detail).toMatch(/Docker at unix:.*faultline undo looks after it/);
    }
    expect(stage.openFaults()).toBe(3);
    await daemon.start();
    await until('it is found again', () => stage.engine.docker !== null, 60_000);
    await until('the containers are back', () => stage.engine.list().length >= 2, 30_000);
    await sleep(1_000);
    for (const { plan } of faults)
      expect(await desk.undo(plan.id)).toMatchObject({ clean: true, residue: [] });
    const docker = dockerOf(stage.engine);
    const now = await docker.listContainers({ all: true });
    expect(now.filter(({ Labels }) => Labels['faultline.fault'] !== undefined)).toEqual([]);
    expect(stage.openFaults()).toBe(0);
    expect([await limitsOf(stays), await limitsOf(returns)]).toEqual(before);
  }, 180_000);
});

/** The toolbox image from the machine's daemon to another. */
async function carryToolbox(host: string): Promise<void> {
  const [here, there] = [await connected(), await connected({ host })];
  const tag = await ensureImage('toolbox', { docker: dockerOf(here) });
  const answer = await dockerOf(there).loadImage(await dockerOf(here).getImage(tag).get());
  await new Promise((resolve) => dockerOf(there).modem.followProgress(answer as never, resolve));
  await here.close();
  await there.close();
}
