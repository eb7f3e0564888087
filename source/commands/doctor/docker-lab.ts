import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { HUB_BASE } from '../../engines/docker/images/base/base-image.js';
import { MADE_BASE, whyNoDebootstrap } from '../../engines/docker/images/base/debootstrap.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { labRecipe } from '../../labs/images/lab-image.js';
import type { Capability } from '../../probes/capabilities.js';
import type { Patience } from './patience.js';

const BASE = { id: 'docker-lab', title: 'Docker lab' } as const;

/** Whether the lab of containers can be started here: a daemon that answers, and its image or what that is made of. */
export async function examineDockerLab(engine: DockerEngine, patience: Patience): Promise<Capability> {
  return (await patience.orNull(examined(engine))) ?? cutOff(patience);
}

function cutOff({ ms }: Patience): Capability {
  const reason = `cut off after ${ms / 1_000} s: Docker has not told of its images`;
  return { ...BASE, state: 'partly', means: 'not known', reason, mend: 'docker image ls' };
}

async function examined(engine: DockerEngine): Promise<Capability> {
  try {
    await engine.settled();
    const { docker } = engine;
    const trouble = engine.trouble();
    if (docker === null || trouble !== undefined) {
      const { reason = 'Docker does not answer', mend = null } = trouble ?? {};
      return { ...BASE, state: 'no', means: 'none', reason, mend };
    }
    const { tag } = labRecipe();
    if (await hasImage(docker, tag)) return { ...BASE, state: 'yes', means: tag, reason: null, mend: null };
    for (const base of [HUB_BASE, MADE_BASE])
      if (await hasImage(docker, base)) return makes(`its image is made from ${base} at the first start`);
    const why = whyNoDebootstrap();
    if (why === null) return makes('its image is made by debootstrap at the first start');
    return {
      ...BASE,
      state: 'partly',
      means: `its image is made from ${HUB_BASE} at the first start, if that can be pulled`,
      reason: `${HUB_BASE} is not there yet, and debootstrap cannot stand in: ${why}`,
      mend: `docker pull ${HUB_BASE}`,
    };
  } catch (error) {
    return { ...BASE, state: 'no', means: 'none', reason: (error as Error).message, mend: null };
  }
}

const makes = (means: string): Capability => ({ ...BASE, state: 'yes', means, reason: null, mend: null });
