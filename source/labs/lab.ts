import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import type { FaultDesk } from '../faults/desk/fault-desk.js';
import type { NewEntry } from '../faults/desk/journal.js';
import type { WatchSettings } from '../probes/watch-settings.js';
import type { LabCounters } from '../store/lab.js';
import type { Recovery } from '../store/recovery.js';
import type { HardeningSwitch } from '../store/state.js';
import type { Parts } from './part.js';

/** Where the lab's parts listen, and how to get into its database. What is published is on 127.0.0.1. */
export interface LabAddresses {
  /** `http://127.0.0.1:PORT` of todo-app, or of what stands in front of it. */
  readonly appUrl: string;
  /** `address:port` of the resolver, as this host reaches it. */
  readonly resolver: string;
  /** `address:port` of Redis, where the lab has one. */
  readonly redis?: string;
  /** Name that the app asks the resolver for. */
  readonly databaseName: string;
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    /** The application's ordinary role, and a superuser for the probe (its slots are reserved). */
    readonly user: string;
    readonly password: string;
    readonly superuser: string;
    readonly superuserPassword: string;
  };
}

/** What every running lab has: an engine with the seeds' application on it. */
interface AnyLab {
  readonly engine: Engine;
  /** For the header: "embedded lab". */
  readonly title: string;
  readonly addresses: LabAddresses;
  /** What it tells of itself to whoever watches it. */
  readonly settings: WatchSettings;
  /** How it shows that it is well again. */
  readonly recovery: Required<Recovery>;
  /** What `r` restarts where nothing says otherwise: a workload, or the group of its replicas. */
  readonly app: string;
  /** What scenarios bring along. */
  readonly parts: Parts;
  /** Hardening switches as they stand; those of parts too, once one was brought. */
  hardening(): readonly HardeningSwitch[];
  /** Turns one switch; resolves once the service has taken it, and survives a restart of the service. */
  setHardening(id: string, on: boolean): Promise<void>;
  /** The services' own counters; null for a service that does not answer within 500 ms. */
  counters(): Promise<LabCounters>;
  close(): Promise<void>;
}

/** The lab of child processes. */
export interface EmbeddedLab extends AnyLab {
  readonly kind: 'embedded';
  /** Causes for the confusables; each is undone by its twin and by `close`. */
  readonly faults: {
    /** The resolver forgets the database's name: NXDOMAIN, at once. */
    forgetName(): Promise<void>;
    rememberName(): Promise<void>;
    /** A client takes every connection slot an ordinary role may have and keeps it idle. */
    holdConnections(): Promise<void>;
    releaseConnections(): Promise<void>;
  };
  /** The journal entry of a fault on one of its services; to be recorded before the fault is caused. */
  journalEntry(fault: {
    readonly scenario: string;
    readonly workload: string;
    readonly what: string;
    readonly freezes: boolean;
  }): NewEntry;
}

/**
 * The lab of containers: nginx (`gateway`) before three replicas of the Flask application (`todo-app-1` to
 * `todo-app-3`, group `todo-app`), `postgres`, `redis`, and `resolver`, the bounded forwarder that they ask.
 */
export interface DockerLab extends AnyLab {
  readonly kind: 'docker';
  readonly engine: DockerEngine;
  /** Causes faults in its containers and takes them back; closed with the lab, everything undone. */
  readonly desk: FaultDesk;
  /** The name of its network as Docker knows it. */
  readonly network: string;
  /** The names of its containers as Docker knows them, by the names above. */
  container(name: string): string;
  /** IPv4 address of one of its containers on the lab's network. */
  addressOf(name: string): string;
}

/** What its containers are called and where they are: all that a fault is told of a lab. */
export type LabNames = Pick<DockerLab, 'network' | 'container' | 'addressOf'>;

export type Lab = EmbeddedLab | DockerLab;

/** Progress of the lab's start, for the screen: "PostgreSQL: creating the cluster". */
export type LabProgress = (step: { readonly text: string; readonly share: number }) => void;
