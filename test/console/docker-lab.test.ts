import { afterAll, describe, expect, test } from 'vitest';
import { findLabs } from '../../source/labs/docker/remove.js';
import { connected, dockerOf, notRun, whyNoDocker } from '../engines/docker/real-docker.js';
import { openSession } from '../helpers/pty.js';
import { stateFolder } from './traces.js';

/** The console on the lab of containers, from the command to the last container. */
const reason = await whyNoDocker();
if (reason !== null) notRun('the console on the Docker lab', reason);

describe.skipIf(reason !== null)('demo --lab docker', () => {
  const state = stateFolder();
  afterAll(() => state.remove());

  test('shows its start, the healthy lab with its containers, and leaves nothing when it is quit', async () => {
    const session = openSession(['demo', '--lab', 'docker'], { env: { FAULTLINE_STATE_DIR: state.path } });
    try {
      await session.until(/FAULTLINE {2}demo · Docker lab/, 300_000);
      expect(session.bytes().split('\x1b[?1049h')[0]).toMatch(/starting the lab: +\d+ % +asking Docker/);
      const screen = await session.until(
        (text) =>
          ['gateway', 'postgres', 'redis', 'resolver', 'todo-app-1'].every((name) => text.includes(name)),
        60_000,
      );
      expect(screen).toMatch(/gateway\S* +● up/);
      await session.until(/Resolver queue .* \d+\/256/);
      await session.until(/In flight .* \d+\/78/);
      const pid = session.pid();
      const engine = await connected();
      const own = async () => (await findLabs(dockerOf(engine))).filter(({ owner }) => owner?.pid === pid);
      expect((await own()).map(({ containers }) => containers.length)).toEqual([8]);
      session.send('q');
      expect(await session.ended(60_000)).toEqual({ exitCode: 0, settingsRestored: true });
      expect(await own()).toEqual([]);
      await engine.close();
    } finally {
      session.pty.kill();
    }
  }, 420_000);
});
