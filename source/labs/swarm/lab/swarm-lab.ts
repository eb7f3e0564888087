import type Docker from 'dockerode';
import type { ServiceSpec } from '../../../engines/docker/swarm/service-spec.js';
import type { Client } from './client.js';

/** Limits of each replica as the service starts: those of the experiments that this lab was made for. */
export const LIMITS = { cpus: 0.3, memoryBytes: 384 * 1024 * 1024 } as const;
export const REPLICAS = 2;

/** One small service of ours on a swarm, and a customer of it. */
export interface SwarmLab {
  readonly id: string;
  readonly docker: Docker;
  readonly service: { readonly id: string; readonly name: string };
  readonly image: string;
  readonly endpoint: {
    readonly mode: 'vip' | 'dnsrr';
    /** What was tried, and what came of it. */
    readonly because: string;
  };
  /** Whether the swarm is this lab's own, made for it. */
  readonly ownSwarm: boolean;
  readonly client: Client;
  /**
   * Changes the service's spec. Written to the journal before, so that any process can take it back. Resolves once
   * Swarm has taken the change; the tasks follow.
   */
  change(fault: {
    readonly scenario: string;
    readonly what: string;
    readonly change: (spec: ServiceSpec) => ServiceSpec;
  }): Promise<void>;
  /** Puts the spec back as it was before the first change. Says what is left when it does not equal it after that. */
  restore(): Promise<readonly string[]>;
  /** Takes everything back and away; resolves to what is left, one line each. Safe to call twice. */
  close(): Promise<readonly string[]>;
}
