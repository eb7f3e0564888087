import type { HttpTarget } from '../probes/watch-settings.js';
import type { HardeningSwitch } from '../store/state.js';

/** A prevention that a part understands; turning it on starts the part anew with it. */
export type PartSwitch = Omit<HardeningSwitch, 'on'>;

/** Where a part, or a service of the lab, is reached by another part. */
export interface PartAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * A program that a scenario brings to the lab, for as long as it lasts: a client that leaks, a server of its own, a
 * fleet. The same file runs as a child process (embedded lab) and in a container of the lab's image.
 */
export interface LabPart {
  /** The workload's name on the lab: `billing`. */
  readonly name: string;
  /** The file in `images/lab/programs/parts/`, without `.mjs`. */
  readonly program: string;
  /** TCP port it listens on in its container; as a process it takes a free one. Absent: it does not listen. */
  readonly port?: number;
  /** Its settings, as environment: `where('todo-app')` tells where a service of the lab or an earlier part is. */
  settings?(where: (name: string) => PartAddress): Readonly<Record<string, string>>;
  readonly switches?: readonly PartSwitch[];
  /**
   * Makes it a target that is watched while it is there, by where this host reaches its `port`: a name that no other
   * target has, and a URL.
   */
  target?(at: PartAddress): HttpTarget;
  /** Most open descriptors (RLIMIT_NOFILE), where that matters to the scenario. */
  readonly openFiles?: number;
  /** What its container gets besides. */
  readonly container?: {
    readonly memoryBytes?: number;
    readonly restart?: 'always' | 'on-failure';
    readonly capabilities?: readonly string[];
    readonly sysctls?: Readonly<Record<string, string>>;
    /** Addresses of its nameservers, or names of earlier parts that are one. */
    readonly dns?: readonly string[];
    readonly dnsOptions?: readonly string[];
    readonly dnsSearch?: readonly string[];
  };
}

/** What a lab does with parts. */
export interface Parts {
  /** Starts them in their order, each once the one before is ready. Rejects with which did not, and its last words. */
  bring(parts: readonly LabPart[], signal?: AbortSignal): Promise<void>;
  /** Ends and removes them, the last first; those that are not there are no trouble. */
  takeAway(parts: readonly LabPart[]): Promise<void>;
  /** Starts anew those of these names that are there: they read their switches when they start. */
  startAnew(names: readonly string[]): Promise<void>;
  /** What is watched of those that are there. */
  targets(): readonly HttpTarget[];
}

/** Where parts find which switches are on, and tell which they understand. */
export interface SwitchBoard {
  on(): Iterable<string>;
  learn(parts: readonly LabPart[]): void;
}

/** Environment by which a part learns what it is given; its programs read the same names. */
export const PART_PORT = 'PART_PORT';
export const PART_SWITCHES = 'LAB_HARDENING';

/** The switches of parts that were brought, and whose they are; a part that has gone keeps its switches as they stand. */
export class PartSwitches {
  readonly #known = new Map<string, { readonly offer: PartSwitch; readonly parts: Set<string> }>();

  learn(parts: readonly LabPart[]): void {
    for (const { name, switches = [] } of parts)
      for (const offer of switches) {
        const known = this.#known.get(offer.id) ?? { offer, parts: new Set() };
        known.parts.add(name);
        this.#known.set(offer.id, known);
      }
  }

  list(): readonly PartSwitch[] {
    return [...this.#known.values()].map(({ offer }) => offer);
  }

  /** Names of the parts that understand it; undefined where it is no part's. */
  partsOf(id: string): readonly string[] | undefined {
    const known = this.#known.get(id);
    return known && [...known.parts];
  }
}
