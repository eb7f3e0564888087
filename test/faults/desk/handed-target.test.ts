import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DaemonSource } from '../../../source/faults/desk/daemon.js';
import { createFaultDesk } from '../../../source/faults/desk/fault-desk.js';
import { type InspectedTarget, inspectTarget } from '../../../source/faults/observe/target.js';
import { notRun, whyNoDocker } from '../../engines/docker/real-docker.js';
import { type FaultStage, openStage } from './fault-stage.js';

const scenario = 'test';
const why = await whyNoDocker();
if (why !== null) notRun('a target that is handed on', why);
describe.skipIf(why !== null)('a target that is handed on', () => {
  let stage: FaultStage;
  beforeAll(async () => {
    stage = await openStage();
  }, 300_000);
  afterAll(() => stage?.close(), 120_000);

  const inspected = async (name: string): Promise<InspectedTarget> => {
    const target = await inspectTarget(stage.docker, name);
    if (target === null) throw new Error(`${name} is not there`);
    return target;
  };

  /** The stage's daemon; `asked` are the containers of which inspect was asked. */
  const counting = (): { readonly source: DaemonSource; readonly asked: string[] } => {
    const asked: string[] = [];
    const docker = new Proxy(stage.docker, {
      get(on, name: keyof Docker) {
        if (name !== 'getContainer') return Reflect.get(on, name);
        return (id: string) => {
          const container = on.getContainer(id);
          const inspect = container.inspect.bind(container) as (options?: object) => Promise<object>;
          return Object.assign(container, {
            inspect: (options?: object) => {
              asked.push(id);
              return inspect(options);
            },
          });
        };
      },
    });
    const { availability } = stage.engine;
    return { source: { docker, availability, trouble: () => undefined }, asked };
  };

  test.each([
    ['not at all, when it was handed on', 0],
    ['once, when it was not', 1],
  ])(
    'is inspected %s, until its fault is caused',
    async (_, times) => {
      const name = await stage.target();
      const target = await inspected(name);
      const { source, asked } = counting();
      const desk = createFaultDesk({ engine: source, image: stage.image });
      const ofTarget = (): number => asked.filter((id) => id === name || id === target.identity.id).length;
      let before = -1;
      const progress = (text: string): void => {
        if (text.includes('causing it')) before = ofTarget();
      };
      const handed = times === 0 ? { target } : {};
      await desk.inject({ kind: 'pause', target: name }, { scenario, progress, ...handed });
      expect(before).toBe(times);
      expect(await desk.close()).toMatchObject([{ clean: true }]);
    },
    120_000,
  );

  test('is inspected anew when what a dead console left was rolled back first', async () => {
    const name = await stage.target();
    await stage.desk().inject({ kind: 'pause', target: name }, { scenario });
    disown();
    const paused = await inspected(name);
    expect(paused.paused).toBe(true);
    const desk = createFaultDesk({ engine: stage.engine, image: stage.image });
    // What was seen before would have refused it: a paused target takes no signal.
    const kill = { kind: 'kill', target: name, signal: 'SIGKILL' } as const;
    const { plan } = await desk.inject(kill, { scenario, target: paused });
    expect(plan.target.name).toBe(name);
    expect(await desk.close()).toMatchObject([{ clean: true }]);
  }, 120_000);
});

/** Makes every entry of the journal that of a process which has ended. */
function disown(): void {
  const folder = join(process.env.FAULTLINE_STATE_DIR as string, 'journal');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const entry = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...entry, owner: { pid: 7, startTime: '1@another boot' } }));
    chmodSync(path, 0o600);
  }
}
