import { systemClock } from '../../clock.js';
import type { Engine } from '../../engines/engine.js';
import { tryEntry } from '../../probes/inside/try-entry.js';
import { type SourceId, sources } from '../../probes/registry.js';
import type { SettingName, Source } from '../../probes/source.js';
import { WATCH_NOTHING_MORE } from '../../probes/watch-settings.js';
import { sampleOnce, withHostEngine } from '../../runtime/one-sample.js';

/** A source as the list shows it. */
export interface SourceRow {
  readonly id: SourceId;
  readonly title: string;
  readonly reads: string;
  /** `asks`: that depends on what it is told to read. */
  readonly readable: 'yes' | 'no' | 'asks';
  /** Options one of which it asks for. */
  readonly asks: readonly SettingName[];
  readonly reason: string | null;
  readonly mend: string | null;
}

type Verdict = Pick<SourceRow, 'readable' | 'reason' | 'mend'>;

const YES: Verdict = { readable: 'yes', reason: null, mend: null };

/** Every source, tried once where nothing has to be named for it. Rejects when the signal aborts. */
export async function listSources(signal: AbortSignal): Promise<SourceRow[]> {
  return withHostEngine((engine) =>
    Promise.all(
      (Object.keys(sources) as SourceId[]).map(async (id) => {
        const { title, reads, asks = [] }: Source<unknown> = sources[id];
        return { id, title, reads, asks, ...(await judge(id, engine, signal)) };
      }),
    ),
  );
}

async function judge(id: SourceId, engine: Engine | undefined, signal: AbortSignal): Promise<Verdict> {
  const { asks, probes }: Source<unknown> = sources[id];
  if (probes && asks) return { readable: 'asks', reason: null, mend: null };
  if (!probes && engine && engine.trouble?.() === undefined) return inContainers();
  const options = { settings: WATCH_NOTHING_MORE, listenMs: 1, clock: systemClock, signal };
  const outcome = await sampleOnce(id, engine, options);
  return outcome.ok ? YES : { readable: 'no', reason: outcome.reason, mend: outcome.mend ?? null };
}

/** What looks into containers needs the right to enter their networks, or a program that is run there. */
async function inContainers(): Promise<Verdict> {
  const { means } = await tryEntry();
  return means.by === 'none' ? { readable: 'no', reason: means.reason, mend: means.mend } : YES;
}
