import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { Lab } from '../../source/labs/lab.js';
import type { Runtime, RuntimeOptions } from '../../source/runtime/index.js';
import type { FaultlineState } from '../../source/store/state.js';
import { built } from './built.js';

/** A running lab with the whole of Faultline watching it, as it ships. */
export interface Stage {
  readonly lab: Lab;
  readonly runtime: Runtime;
  state(): FaultlineState;
  /** Resolves with the state once it satisfies the condition; rejects with what stood there instead. */
  until(what: string, holds: (state: FaultlineState) => boolean, withinMs: number): Promise<FaultlineState>;
  /** Resolves when the condition held at every look for so long; rejects at the first look at which it did not. */
  holds(what: string, condition: (state: FaultlineState) => boolean, forMs: number): Promise<void>;
  close(): Promise<void>;
}

const LOOK_MS = 200;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

type Start = (options: { progress: () => void }) => Promise<Lab>;

/** The built lab of child processes. */
const embeddedLab: Start = async (options) =>
  (await built<{ startLab: Start }>('source/labs/embedded/start.js')).startLab(options);

/** The built lab of containers. */
export const dockerLab: Start = async (options) =>
  (await built<{ startDockerLab: Start }>('source/labs/docker/start.js')).startDockerLab(options);

/** Starts the built lab and runtime. `record` writes every probe outcome to a file. */
export async function openStage(record?: string, startLab: Start = embeddedLab): Promise<Stage> {
  const { createRuntime } = await built<{ createRuntime(options: RuntimeOptions): Promise<Runtime> }>(
    'source/runtime/index.js',
  );
  const { failureModes } = await built<{ failureModes: readonly FailureMode[] }>('scenarios/index.js');
  const lab = await startLab({ progress: () => undefined });
  const runtime = await createRuntime({ lab, modes: failureModes, ...(record ? { record } : {}) });
  const state = (): FaultlineState => runtime.store.getState();
  return {
    lab,
    runtime,
    state,
    async until(what, holds, withinMs) {
      const end = performance.now() + withinMs;
      while (performance.now() < end) {
        if (holds(state())) return state();
        await sleep(LOOK_MS);
      }
      throw new Error(`not within ${withinMs / 1000} s: ${what}\n${describeState(state())}`);
    },
    async holds(what, condition, forMs) {
      const end = performance.now() + forMs;
      while (performance.now() < end) {
        if (!condition(state())) throw new Error(`did not hold: ${what}\n${describeState(state())}`);
        await sleep(LOOK_MS);
      }
    },
    close: () => runtime.close(),
  };
}

/** The newest HTTP runs, true where all targets answered well. */
export const answering = (state: FaultlineState): boolean => {
  const targets = Object.values(state.latest.http);
  return targets.length > 0 && targets.every(({ sample, stale }) => sample.ok && !stale);
};

/** Id of the finding on top, if one fires. */
export const onTop = (state: FaultlineState): string | undefined =>
  state.findings.find((finding) => finding.state === 'firing')?.id;

/** What stood on the screen, for a failing test. */
export function describeState(state: FaultlineState): string {
  return JSON.stringify(
    {
      http: Object.values(state.latest.http).map(
        ({ sample }) => `${sample.target} ${sample.failure?.text ?? 'ok'}`,
      ),
      findings: state.findings.map(
        (f) => `${f.key} ${f.state} ${f.confidence.toFixed(2)} since ${f.since} by ${f.explainedBy}`,
      ),
      dns: state.latest.dns?.sample.names,
      lookups: Object.entries(state.latest.lookups ?? {}).flatMap(([client, { at, stale, sample }]) =>
        sample.names.map(
          ({ name, steps }) =>
            `${client} ${at}${stale ? ' stale' : ''}: ${name} ${steps.map(({ outcome }) => outcome)}`,
        ),
      ),
      postgres: state.latest.postgres?.sample,
      lab: state.lab?.counters,
      timeline: state.timeline.slice(-12).map((entry) => `${entry.kind} ${entry.text} ${entry.result ?? ''}`),
      unread: Object.values(state.probes).filter((probe) => probe.state !== 'ok'),
    },
    null,
    1,
  );
}
