import { exitMeaning } from '../../embedded/exit-meaning.js';

/** What was seen around the end of a container. */
export interface ExitFacts {
  readonly code: number | null;
  /** Docker says that the OOM killer was in it, or an `oom` event came before its end. */
  readonly oom: boolean;
  readonly memoryLimitBytes: number | null;
  /** Signal number of the last `kill` event before the end, or null: nobody asked Docker to. */
  readonly askedBySignal: number | null;
  /** `State.Error`: why it could not be started. */
  readonly error: string;
}

const SIGKILL_CODE = 137;
const SIGKILL = 9;
const SIGTERM = 15;
const MIB = 1024 * 1024;
/** Longest part of a daemon's own words that is kept. */
const MOST_WORDS = 300;

/**
 * What the end of a container means. 137 alone is SIGKILL from anyone; it is called out of memory only with the
 * kernel's word for it, and `docker kill` or `docker stop` only with Docker's.
 */
export function containerExitMeaning(facts: ExitFacts): string {
  const { code, oom, askedBySignal, error } = facts;
  if (error !== '' && code !== 0) return `could not be started: ${error.slice(0, MOST_WORDS)}`;
  if (code === SIGKILL_CODE && oom) return `killed: out of memory${limitWords(facts.memoryLimitBytes)}`;
  if (code === SIGKILL_CODE && askedBySignal === SIGKILL)
    return 'killed by Docker (SIGKILL), as somebody asked';
  if (code === SIGKILL_CODE && askedBySignal === SIGTERM)
    return 'stopped by Docker, as somebody asked: it did not end at SIGTERM and was killed (SIGKILL)';
  const meaning = exitMeaning(code, null);
  if (askedBySignal === SIGTERM) return `stopped by Docker, as somebody asked: ${meaning}`;
  if (askedBySignal !== null) return `sent signal ${askedBySignal} through Docker: ${meaning}`;
  return oom ? `${meaning}, after the kernel killed a process of it: out of memory` : meaning;
}

function limitWords(bytes: number | null): string {
  return bytes === null ? ' (it has no limit of its own)' : ` (limit ${Math.round(bytes / MIB)} MiB)`;
}
