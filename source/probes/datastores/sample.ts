/** Databases and brokers as they show themselves to whoever has no login. Times are milliseconds. */

export type DatastoreKind = 'postgres' | 'pgbouncer' | 'mysql' | 'redis' | 'amqp' | 'mongodb';

/**
 * `alive`: it answered in its own words, a request for a password included. `full`: it turns clients away for want of a
 * connection slot. `not-ready`: it says that it lets nobody in now. `silent`: it takes connections and says nothing.
 * `broken-off`: it ends them without a word. `unreachable`: SYN is not answered. `refused`: nobody listens there any
 * more. `other`: what listens there speaks another protocol. `unasked`: it was not asked, and `note` says why.
 */
export type DatastoreState =
  | 'alive'
  | 'full'
  | 'not-ready'
  | 'silent'
  | 'broken-off'
  | 'unreachable'
  | 'refused'
  | 'other'
  | 'unasked';

/** Who has connections to it. */
export interface SlotHolder {
  /** Address of the client, or `local` for those by a Unix socket. */
  readonly peer: string;
  readonly count: number;
  /** Container, or process of this host, that has that end; null where it was not looked for or not found. */
  readonly who: string | null;
  /** What the server's own process titles say of most of them: `role shop, idle`; null where they say nothing. */
  readonly detail: string | null;
}

export interface DatastoreSlots {
  /** Connections that clients have now. */
  readonly held: number;
  /** As its configuration has it, or null when that could not be read. */
  readonly most: number | null;
  /** Of those, how many an ordinary client may not have; 0 where the product has no such thing. */
  readonly reserved: number;
}

/** Files that a process has open, connections among them, and how many it may. */
export interface OpenFilesOf {
  readonly open: number;
  readonly limit: number;
}

export interface Datastore {
  readonly kind: DatastoreKind;
  /** `address:port` by which others know it: the container's address on its network, else as it listens. */
  readonly address: string;
  /** Container that it is in; null for a process of this host, or of a namespace that no container has. */
  readonly workload: string | null;
  readonly process: { readonly pid: number; readonly command: string } | null;
  /** What it is held to be one by; what is known by its port alone may be something else, and `name` is what a person called it. */
  readonly knownBy: 'process' | 'image' | 'protocol' | 'port' | 'name';
  readonly state: DatastoreState;
  /** Its own words, or ours for what it did not say; sanitised, at most 200 characters. */
  readonly said: string;
  /** From connect() until its first word; null when it said none. */
  readonly answerMs: number | null;
  /** Wall-clock ms at which it was asked last, or null. */
  readonly askedAt: number | null;
  /** Why it was not asked at this look, where it should be known; else null. */
  readonly note: string | null;
  /** Connections nobody has accepted yet, and how many may wait. */
  readonly queued: number;
  readonly backlog: number | null;
  /** Its process is stopped by a signal, or its container is paused. */
  readonly frozen: boolean;
  /** Established connections to it, our own left out; null when they were not counted. */
  readonly clients: number | null;
  /** It has had clients, or has answered, since it is watched. */
  readonly used: boolean;
  readonly slots: DatastoreSlots | null;
  /** Of its process, where it takes connections and says nothing; absent where not looked at. */
  readonly files?: OpenFilesOf;
  /** Most first, at most 3; empty where they were not looked at. */
  readonly holders: readonly SlotHolder[];
}

export interface DatastoresSample {
  /** `netlink sock_diag`, `/proc/<pid>/net/tcp`: how listeners are found. */
  readonly means: string;
  readonly datastores: readonly Datastore[];
  /** What could not be looked at and why, one line each. */
  readonly missing: readonly string[];
}
