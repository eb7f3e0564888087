import type { Severity } from './finding.js';

/** Prometheus' states of an alert; `unread` where nothing is read that it could be judged by. */
export type AlertState = 'inactive' | 'pending' | 'firing' | 'unread';

/** One place at which the condition of an alert holds now. */
export interface ActiveAlert {
  /** Target, name or server. */
  readonly where: string;
  readonly state: 'pending' | 'firing';
  /** Wall-clock ms since which the condition has held without a break. */
  readonly since: number;
  /** The newest figure, as a person reads it. */
  readonly value: string;
}

/** An alert of the failure documents, with what it comes to now. */
export interface AlertRule {
  /** `HighNetworkLatency`. */
  readonly name: string;
  readonly condition: string;
  /** So long (ms) the condition has to hold before it fires. */
  readonly forMs: number;
  readonly severity: Severity;
  /** Document that it stands in, and where it is judged otherwise than written there. */
  readonly source: string;
  /** The worst of its places. */
  readonly state: AlertState;
  /** Where it is pending or fires, those that fire first. */
  readonly active: readonly ActiveAlert[];
  /** Of one that is unread: why. */
  readonly reason?: string;
}
