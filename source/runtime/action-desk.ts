import type { Action, ActionResult } from '../actions/action.js';
import type { Clock } from '../clock.js';
import { debug, milliseconds } from '../debug-log.js';
import { verbsThat } from '../engines/verbs.js';
import type { ActionName } from '../store/action-name.js';
import type { ActionProgress, Store } from '../store/state.js';
import { addEntry, type TimelineEntry } from '../store/timeline.js';
import { AFTER_RESTART_MS, buildAction, type DeskParts } from './action-table.js';
import { markOutage } from './outage-marks.js';

/** Progress reaches the store at most this often (ms): a burst of answers is one redraw. */
const PROGRESS_MS = 200;
/** After these the recovery is verified, where there was an outage. */
const MENDING: ReadonlySet<ActionName> = new Set([...verbsThat('mends'), 'undo-all']);

export interface ActionDesk {
  act(name: ActionName, argument?: string): Promise<ActionResult>;
  close(): Promise<void>;
}

/** Runs one action at a time, with its deadline, and writes what happened on the timeline. */
export function createActionDesk(parts: DeskParts): ActionDesk {
  const { store, clock } = parts;
  let running:
    | { readonly title: string; readonly abort: AbortController; readonly done: Promise<unknown> }
    | undefined;

  /** Puts an action on the timeline as it begins; the returned function adds what came of it. */
  const note = (entry: TimelineEntry): ((result: string) => void) => {
    store.setState(({ timeline }) => ({ timeline: addEntry(timeline, entry) }));
    return (result) =>
      store.setState(({ timeline }) => ({
        timeline: timeline.map((other) => (other === entry ? { ...entry, result } : other)),
      }));
  };

  const perform = async (action: Action, abort: AbortController): Promise<ActionResult> => {
    const startedAt = clock.wall();
    const began = clock.now();
    debug('action', action.name, 'begins:', action.title);
    let progress: ActionProgress = {
      name: action.name,
      title: action.title,
      startedAt,
      share: null,
      text: '',
      state: 'running',
      rows: [],
    };
    let shownAt = 0;
    const show = (at: number): void => {
      shownAt = at;
      store.setState({ action: progress });
    };
    show(clock.now());
    const noteResult = note({ at: startedAt, kind: kindOf(action.name), text: action.title });
    markOutage(store, action.name, 'started', startedAt);
    const deadline = clock.setTimeout(() => abort.abort(new Error('it took too long')), action.deadlineMs);
    let result: ActionResult;
    try {
      result = await action.run({
        signal: abort.signal,
        progress(update) {
          progress = { ...progress, ...update };
          if (clock.now() - shownAt >= PROGRESS_MS) show(clock.now());
        },
      });
    } catch (error) {
      // What an aborted library call says of itself is not why it was aborted.
      const why: unknown = abort.signal.aborted ? abort.signal.reason : error;
      result = { ok: false, text: why instanceof Error ? why.message : String(why) };
    } finally {
      clock.clearTimeout(deadline);
    }
    progress = {
      ...progress,
      share: 1,
      text: result.text,
      state: result.ok ? 'done' : 'failed',
      rows: result.rows ?? progress.rows,
    };
    show(clock.now());
    noteResult(result.text);
    debug('action', action.name, milliseconds(clock.now() - began), result.ok ? 'ok' : 'failed', result.text);
    markOutage(store, action.name, result.ok ? 'done' : 'failed', clock.wall());
    return result;
  };

  const act = async (name: ActionName, argument?: string): Promise<ActionResult> => {
    if (name === 'cancel') {
      running?.abort.abort(new Error('cancelled'));
      return { ok: true, text: running ? `cancelling ${running.title}` : 'nothing is running' };
    }
    const action = buildAction(name, argument, parts);
    if ('refused' in action) return refuse(store, clock, name, action.refused);
    if (action.alongside) return perform(action, new AbortController());
    if (running && name === 'undo-all') {
      running.abort.abort(new Error('undone'));
      await running.done.catch(() => undefined);
    }
    if (running) return refuse(store, clock, name, `${running.title} is still running; c cancels it`);
    const abort = new AbortController();
    const done = perform(action, abort);
    running = { title: action.title, abort, done };
    const result = await done.finally(() => {
      running = undefined;
    });
    const mending = MENDING.has(name);
    const recovering = mending && result.ok && parts.lab && store.getState().outage?.symptomAt != null;
    if (recovering && !abort.signal.aborted) await act('verify', String(AFTER_RESTART_MS));
    return result;
  };

  return {
    act,
    async close() {
      running?.abort.abort(new Error('the console is closing'));
      await running?.done.catch(() => undefined);
    },
  };
}

function refuse(store: Store, clock: Clock, name: ActionName, why: string): ActionResult {
  store.setState({
    action: {
      name,
      title: name,
      startedAt: clock.wall(),
      share: null,
      text: why,
      state: 'failed',
      rows: [],
    },
  });
  return { ok: false, text: why };
}

function kindOf(name: string): TimelineEntry['kind'] {
  if (name === 'inject') return 'fault';
  return name === 'undo-all' ? 'undo' : 'action';
}
