import { sanitise } from '../../../terminal/sanitise.js';
import type { DatastoreState } from '../sample.js';

/** What a server made of itself known by. */
export interface Verdict {
  readonly state: Extract<DatastoreState, 'alive' | 'full' | 'not-ready' | 'other'>;
  readonly said: string;
  /** Asking as far as this again would leave a line in its log. */
  readonly logged?: true;
}

/** One way of asking without a login: what is sent first, and what is made of what comes back. */
export interface Dialogue {
  /** Sent once connected; absent where the server speaks first. */
  readonly hello?: Buffer;
  /** All bytes until now; undefined for more of them. Must not throw, whatever they are. */
  read(bytes: Buffer): Verdict | undefined;
  /** What is made of bytes after which no more come: the server closed, or said no more for a while. */
  atEnd?(bytes: Buffer): Verdict | undefined;
}

/** A server's words, safe to draw. */
export const words = (text: string): string => sanitise(text.trim(), 200);

export const notThis = (what: string): Verdict => ({ state: 'other', said: `does not speak ${what}` });
