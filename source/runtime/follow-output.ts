import type { Clock } from '../clock.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';

/** Containers whose output is followed for known failure texts: each is a stream from the daemon. */
const MOST_FOLLOWED = 30;
/** A container that has just been started may not be listed yet: it is tried again after so long (ms), so often. */
const AGAIN_MS = 1_000;
const TRIES = 5;

/** Follows the output of running containers, those that start later too, as far as the bound goes; until the engine is closed. */
export function followOutput(engine: DockerEngine, clock: Clock): void {
  const followed = new Map<string, () => void>();
  const follow = (name: string, tries = 1): void => {
    if (followed.has(name) || followed.size >= MOST_FOLLOWED) return;
    try {
      followed.set(name, engine.follow(name));
    } catch {
      // It was removed since it was listed, or is not listed yet.
      if (tries > 1) clock.setTimeout(() => follow(name, tries - 1), AGAIN_MS);
    }
  };
  const followAll = (): void => {
    for (const { name, state } of engine.list()) if (state === 'running') follow(name);
  };
  followAll();
  engine.onAvailability(({ state }) => state === 'available' && followAll());
  engine.onEvent(({ workload, action }) => {
    if (action === 'start') follow(workload, TRIES);
    if (action === 'die' || action === 'destroy') {
      // Its place is another's; it is followed again when it starts again.
      followed.get(workload)?.();
      followed.delete(workload);
      followAll();
    }
  });
}
