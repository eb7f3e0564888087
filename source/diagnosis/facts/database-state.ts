import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { Measured } from '../evidence.js';

/** A database or a broker, by whether it serves anybody: entered with a login, or judged by what it says before one. */
export interface DatabaseState {
  readonly address: string;
  /** Whether it is entered with a login. */
  readonly entered: boolean;
  /** Who wants it, and what it is called behind that. */
  readonly client: string;
  readonly server: string;
  /** What stands before `trouble` in a title, and what is wrong with it in words. */
  readonly name: string;
  readonly trouble: string;
  readonly down: boolean;
  readonly well: boolean;
  /** Grave whether or not anybody is seen to miss it. */
  readonly grave: boolean;
  /**
   * What came of being asked: the kernel refuses or it lets nobody in, silence, an answer, what its clients' attempts
   * come to; `unread` where it was not asked yet. Undefined where that is not known.
   */
  readonly outcome: 'refused' | 'silent' | 'answers' | 'attempts' | 'unread' | undefined;
  readonly asked: Measured;
  /** Who serves it, and that its process answers nobody, where it is seen to. */
  readonly service: ServiceSample | undefined;
  readonly process: Measured | undefined;
  /** Its process is frozen, and the server says something all the same. */
  readonly speaksFrozen: boolean;
  /** Connections that nobody accepts. */
  readonly queued: number;
  /** Why it is not full. */
  readonly notFull: readonly string[];
  readonly fix: readonly Fix[];
  readonly explanation: readonly string[];
  /** Wall-clock ms of the first time that it was not reached. */
  readonly since: number | null;
  readonly radius: readonly string[];
  /** Places at which it shows; undefined: its address. */
  readonly seenAt?: readonly string[];
}
