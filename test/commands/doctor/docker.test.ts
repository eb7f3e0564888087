import { afterEach, describe, expect, it, vi } from 'vitest';
import { examineDocker } from '../../../source/commands/doctor/docker.js';
import { Patience } from '../../../source/commands/doctor/patience.js';
import { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import type { Capability } from '../../../source/probes/capabilities.js';
import { notRun, whyNoDocker } from '../../engines/docker/real-docker.js';

const reason = await whyNoDocker();

async function examined(): Promise<Capability> {
  const engine = new DockerEngine();
  const patience = new Patience();
  try {
    return await examineDocker(engine, patience);
  } finally {
    patience.end();
    await engine.close();
  }
}

describe('what doctor says of Docker', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('names the endpoint, what is wrong with it and what mends it', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///no/such/docker.sock');
    expect(await examined()).toMatchObject({
      id: 'docker',
      state: 'no',
      reason: expect.stringContaining('unix:///no/such/docker.sock: there is no such socket'),
      mend: expect.stringContaining('docker'),
    });
  });

  if (reason !== null) notRun('doctor on a real Docker', reason);
  it.runIf(reason === null)(
    'names the version, the endpoint and the cgroups of one that answers',
    async () => {
      const { state, means } = await examined();
      expect(state).not.toBe('no');
      expect(means).toMatch(/^\w+ \d+\.\d+.* \(API \d\.\d+\) at \w+:\/\/\S+, cgroup v[12] by \w+$/);
    },
  );
});
