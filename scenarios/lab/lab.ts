import type { Engine } from '../../source/engines/engine.js';
import type { NewEntry } from '../../source/faults/journal.js';
import type { LabSample } from '../../source/probes/samples.js';
import type { HardeningSwitch } from '../../source/store/state.js';

/** Where the lab's parts listen, and how to get into its database. All on 127.0.0.1. */
export interface LabAddresses {
  /** `http://127.0.0.1:PORT` of todo-app. */
  readonly appUrl: string;
  /** `127.0.0.1:PORT` of the resolver. */
  readonly resolver: string;
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

/** A running lab: an engine with the seeds' application on it. */
export interface Lab {
  readonly engine: Engine;
  readonly addresses: LabAddresses;
  /** Hardening switches as they stand. */
  hardening(): readonly HardeningSwitch[];
  /** Turns one switch; resolves once the service has taken it, and survives a restart of the service. */
  setHardening(id: string, on: boolean): Promise<void>;
  /** The services' own counters; null for a service that does not answer within 500 ms. */
  counters(): Promise<LabSample>;
  /** Causes for the confusables; each is undone by its twin and by `close`. */
  faults: {
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
  close(): Promise<void>;
}

/** Progress of the lab's start, for the screen: "PostgreSQL: creating the cluster". */
export type LabProgress = (step: { readonly text: string; readonly share: number }) => void;
