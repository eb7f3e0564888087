import type Docker from 'dockerode';
import type { EngineLogLine } from '../../engine.js';
import { type FollowedContainer, LogFollower } from './log-follower.js';

/** Milliseconds without a look after which a container's output is no longer followed. */
const UNWATCHED_MS = 60_000;

/** Milliseconds before a running container whose output is not followed is tried again. */
const RETRY_MS = 5_000;

/** Whose output is followed: only what somebody looks at, for as long as somebody does. */
export class LogDesk {
  readonly #followers = new Map<string, LogFollower>();
  readonly #held = new Map<string, number>();
  readonly #onLine: (line: EngineLogLine) => void;
  readonly #now: () => number;

  constructor(now: () => number, onLine: (line: EngineLogLine) => void) {
    this.#now = now;
    this.#onLine = onLine;
  }

  /** The tail of a container, and the wish to go on following it. Empty until its first lines have come. */
  look(docker: Docker | null, container: FollowedContainer): readonly EngineLogLine[] {
    this.sweep();
    let follower = this.#followers.get(container.id);
    if (follower === undefined) {
      follower = new LogFollower(container, this.#onLine);
      this.#followers.set(container.id, follower);
      this.#open(docker, follower, container);
    } else if (container.state === 'running' && this.#now() - follower.openedAt > RETRY_MS)
      this.#open(docker, follower, container);
    follower.lookedAt = this.#now();
    return follower.tail();
  }

  /** Keeps following until the returned function is called. */
  hold(docker: Docker | null, container: FollowedContainer): () => void {
    const { id } = container;
    this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    this.look(docker, container);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const left = (this.#held.get(id) ?? 1) - 1;
      if (left > 0) this.#held.set(id, left);
      else this.#held.delete(id);
    };
  }

  /** A container started, or the daemon is back: whoever is looked at is followed again. */
  resume(docker: Docker, container: FollowedContainer): void {
    const follower = this.#followers.get(container.id);
    if (follower !== undefined) this.#open(docker, follower, container);
  }

  #open(docker: Docker | null, follower: LogFollower, container: FollowedContainer): void {
    if (docker === null) return;
    follower.openedAt = this.#now();
    void follower.open(docker, container);
  }

  /** Why a container's output cannot be read; null when it can, or nobody tried. */
  trouble(id: string): string | null {
    return this.#followers.get(id)?.trouble ?? null;
  }

  /** Lines of a container that were too many for the listeners. */
  untold(id: string): number {
    return this.#followers.get(id)?.untold ?? 0;
  }

  forget(id: string): void {
    this.#followers.get(id)?.close();
    this.#followers.delete(id);
    this.#held.delete(id);
  }

  /** Lets go of what nobody looks at any more. */
  sweep(): void {
    for (const [id, follower] of this.#followers) {
      if (!this.#held.has(id) && this.#now() - follower.lookedAt > UNWATCHED_MS) this.forget(id);
    }
  }

  close(): void {
    for (const id of [...this.#followers.keys()]) this.forget(id);
  }
}
