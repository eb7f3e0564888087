import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UnavailableKind } from '../probes/probe.js';
import type { AlertRule } from './alert-rule.js';
import type { BlindMode, FailedRule, Finding } from './finding.js';
import type { LatestSamples } from './history.js';
import type { LabState } from './lab.js';
import type { ReviewAnswer } from './review.js';
import type { Risk } from './risk.js';
import { SeriesBook } from './series.js';
import type { TimelineEntry } from './timeline.js';

/** How a probe fares: what the probes panel and `doctor` show. */
export interface ProbeHealth {
  readonly id: string;
  readonly title: string;
  readonly reads: string;
  readonly intervalMs: number;
  readonly state: 'waiting' | 'ok' | 'failing' | 'unavailable';
  /** Wall-clock ms of the last good sample, or null. */
  readonly lastOkAt: number | null;
  readonly tookMs: number | null;
  /** Why there is no figure, or null. */
  readonly kind: UnavailableKind | null;
  readonly reason: string | null;
  readonly mend: string | null;
}

/** A running or just finished action, as the progress line shows it. */
export interface ActionProgress {
  readonly name: string;
  readonly title: string;
  readonly startedAt: number;
  /** 0 to 1, or null when it cannot be told. */
  readonly share: number | null;
  readonly text: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Rows for a results table: outcome and count, or check and result. */
  readonly rows: readonly { readonly label: string; readonly value: string; readonly ok: boolean | null }[];
}

/** One check of the recovery verification. */
export interface VerifyCheck {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'passed' | 'failed';
  readonly ms: number | null;
  readonly detail: string;
}

/** The outage as it is clocked: wall-clock ms of each mark, null until it happened. */
export interface Outage {
  /** The trigger, when Faultline itself pulled it. */
  readonly triggeredAt: number | null;
  /** First failing probe. */
  readonly symptomAt: number | null;
  /** First finding that fired. */
  readonly namedAt: number | null;
  /** The action that fixed it. */
  readonly fixedAt: number | null;
  /** Verification passed, or the first of a run of good probes when it healed by itself. */
  readonly verifiedAt: number | null;
}

/** Where the demonstration stands. Absent on a host. */
export interface StoryStep {
  readonly step: number;
  readonly of: number;
  readonly title: string;
  readonly lookAt: string;
  readonly customersSee: string;
}

export interface HardeningSwitch {
  readonly id: string;
  readonly title: string;
  readonly on: boolean;
  readonly explains: string;
}

export interface LogLine {
  readonly service: string;
  /** Wall-clock ms. */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  /** Sanitised. */
  readonly text: string;
  /** True when it matches a known failure text. */
  readonly matched: boolean;
  /** How often the service logged it in a row; absent for once. `at` is the newest. */
  readonly times?: number;
  /** Lines of its service right before it that came too fast to be taken; absent for none. */
  readonly skipped?: number;
}

export interface Session {
  readonly mode: 'demo' | 'host';
  /** "embedded lab", or the host's name. */
  readonly subject: string;
  readonly readOnly: boolean;
  readonly startedAt: number;
  /** What is restarted where nothing else is named: a workload, or the group of its replicas. Absent on a host. */
  readonly app?: string;
}

/** Everything that draws, judges, records or exports reads this and nothing else. Replaced whole once a tick. */
export interface FaultlineState {
  readonly session: Session;
  /** Wall-clock ms of the last commit. */
  readonly now: number;
  readonly latest: LatestSamples;
  readonly probes: Readonly<Record<string, ProbeHealth>>;
  readonly series: SeriesBook;
  /** Active findings, causes first, most confident first, explained ones after their cause. */
  readonly findings: readonly Finding[];
  /** Rules that threw in the last look: they said nothing. */
  readonly failedRules: readonly FailedRule[];
  /** Failure modes that cannot be judged here, with the sources that they lack. */
  readonly blindModes: readonly BlindMode[];
  /** What is well now and will fail one day: no part of any verdict. */
  readonly risks: readonly Risk[];
  /** The alerts of the failure documents, with their state; empty until they were first judged. */
  readonly alertRules: readonly AlertRule[];
  /** What the history says to the questions of a review, by the key of a finding that is a cause. */
  readonly reviews: Readonly<Record<string, readonly ReviewAnswer[]>>;
  readonly timeline: readonly TimelineEntry[];
  readonly outage: Outage | null;
  readonly lastOutage: Outage | null;
  readonly action: ActionProgress | null;
  readonly verification: readonly VerifyCheck[];
  readonly story: StoryStep | null;
  readonly hardening: readonly HardeningSwitch[];
  /** What a lab counts about itself; null on a host, and until it was first read. */
  readonly lab: LabState | null;
  readonly logs: readonly LogLine[];
  /** Faults in the journal that are not undone yet. */
  readonly faults: readonly { readonly id: string; readonly text: string; readonly since: number }[];
  /** What watching costs: own CPU in per-core percent and bytes a second written to the terminal. */
  readonly cost: { readonly cpuPercent: number; readonly bytesPerSecond: number };
}

export type Store = StoreApi<FaultlineState>;

const NO_SAMPLES: LatestSamples = { http: {} };

/** An empty store for a session. */
export function createFaultlineStore(session: Session): Store {
  return createStore<FaultlineState>(() => ({
    session,
    now: session.startedAt,
    latest: NO_SAMPLES,
    probes: {},
    series: new SeriesBook(),
    findings: [],
    failedRules: [],
    blindModes: [],
    risks: [],
    alertRules: [],
    reviews: {},
    timeline: [],
    outage: null,
    lastOutage: null,
    action: null,
    verification: [],
    story: null,
    hardening: [],
    lab: null,
    logs: [],
    faults: [],
    cost: { cpuPercent: 0, bytesPerSecond: 0 },
  }));
}
