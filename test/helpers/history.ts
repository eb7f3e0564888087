import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import type { Mode } from '../../source/diagnosis/mode.js';
import type { Finding } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { Intake } from '../../source/store/intake/intake.js';

/** What the probes answered in one second; a probe that has no answer in it is left out. By probe id. */
export type World = Readonly<Record<string, unknown>>;

/** Wall-clock ms at which every built history begins. */
export const START = 1_700_000_000_000;

/** Feeds probe answers through the store's own intake, so that the rules see what they see in a real run. */
export class HistoryBuilder {
  private readonly intake = new Intake();
  /** What the panels draw from. */
  readonly series = this.intake.series;
  now = START;

  /** One second goes by, in which these answers came. */
  second(world: World): History {
    this.now += 1000;
    for (const [id, sample] of Object.entries(world))
      this.intake.take({ ok: true, id, at: this.now, tookMs: 1, sample });
    return this.intake.tick(this.now);
  }
}

/** The history after `seconds` of a world; `t` counts from 1. */
export function play(seconds: number, world: (t: number) => World, builder = new HistoryBuilder()): History {
  let history = builder.second(world(1));
  for (let t = 2; t <= seconds; t++) history = builder.second(world(t));
  return history;
}

/** A look of the diagnosis at one second of a run. */
export interface Look {
  /** Seconds from the start of the run. */
  readonly t: number;
  readonly findings: readonly Finding[];
}

/** Lets the diagnosis look at every second of a run. */
export function watch(seconds: number, world: (t: number) => World, modes: readonly Mode[]): readonly Look[] {
  const builder = new HistoryBuilder();
  let state = NO_DIAGNOSIS;
  const looks: Look[] = [];
  for (let t = 1; t <= seconds; t++) {
    const result = diagnose(builder.second(world(t)), modes, state);
    state = result.state;
    looks.push({ t, findings: result.findings });
  }
  return looks;
}

/** The finding on top of a look, when it is named. */
export const top = (look: Look | undefined): Finding | undefined =>
  look?.findings[0]?.state === 'firing' ? look.findings[0] : undefined;
