import { setImmediate } from 'node:timers/promises';
import { vi } from 'vitest';

/** What ink-testing-library gives of a rendered tree: every frame that was drawn. */
interface Drawing {
  readonly frames: readonly string[];
}

/** Turns of the event loop in which nothing was drawn, after which nothing is on its way any more. */
const QUIET_TURNS = 12;

/** Resolves when all that is on its way has been drawn: React and the store work in turns of the event loop. */
export async function drawn({ frames }: Drawing): Promise<void> {
  for (let quiet = 0, known = frames.length; quiet < QUIET_TURNS; quiet++) {
    await setImmediate();
    if (frames.length === known) continue;
    known = frames.length;
    quiet = 0;
  }
}

/**
 * The same after a key was typed. A lone escape is told from the beginning of a sequence by what follows it, so it is
 * heard only when the terminal's own wait is over: that is waited for by what it draws.
 */
export async function drawnAfter(key: string, view: Drawing): Promise<void> {
  const known = view.frames.length;
  if (key === '\x1b') await vi.waitUntil(() => view.frames.length > known, { timeout: 5_000, interval: 1 });
  await drawn(view);
}
