import { fatalLine } from '../../engines/log-line.js';
import { journalEntry } from '../../linux/systemd/journal-entry.js';
import type { UnitProperties } from '../../linux/systemd/unit-properties.js';
import { sanitise } from '../../terminal/sanitise.js';
import { Unavailable } from '../probe.js';
import { askSystemd, type ToolOptions } from './systemd-tool.js';

/** Lines of a run that are looked at, and services asked for in one look. */
const TAIL = 60;
const MOST_ASKED = 4;
const MOST_KEPT = 200;
/** Where it is not known when a run began: what was said so long before it ended (ms). */
const SHORTEST_MS = 10_000;

/** What services said last before they ended: of each run once. */
export class UnitWords {
  private readonly byRun = new Set<string>();
  private readonly byName = new Map<string, string>();

  /**
   * Asks the journal for the last lines of these runs, some at a time. What cannot be read is nothing said: the journal
   * of a host is for its administrators.
   */
  async ask(units: readonly UnitProperties[], options: ToolOptions): Promise<void> {
    const news = units.filter((unit) => unit.endedMs !== null && !this.byRun.has(runOf(unit)));
    for (const unit of news.slice(0, MOST_ASKED)) {
      const { name } = unit;
      if (this.byRun.size >= MOST_KEPT) this.byRun.clear();
      if (this.byName.size >= MOST_KEPT) this.byName.clear();
      try {
        const said = await lastWordsOf(unit, options);
        this.byRun.add(runOf(unit));
        if (said === undefined) this.byName.delete(name);
        else this.byName.set(name, said);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        this.byRun.add(runOf(unit));
        // It answered nothing, or too late: the others are asked in the next look.
        return;
      }
    }
  }

  /** Of its last run that is over and was asked for. */
  of(name: string): string | undefined {
    return this.byName.get(name);
  }
}

const runOf = ({ name, endedMs }: UnitProperties): string => `${name} ${endedMs}`;

/**
 * The line that says why its last run ended, of those that its own processes wrote; what systemd says of it is not among
 * them. The run is told by its time: of a process that has ended at once the journal knows the unit, and not the run.
 */
async function lastWordsOf(
  { name, beganMs, endedMs }: UnitProperties,
  options: ToolOptions,
): Promise<string | undefined> {
  const text = await askSystemd(
    'journalctl',
    [`_SYSTEMD_UNIT=${name}`, '-b', '-n', `${TAIL}`, '-o', 'json', '--output-fields=MESSAGE', '-q'],
    options,
  );
  const since = beganMs ?? (endedMs ?? 0) - SHORTEST_MS;
  const own = text.split('\n').flatMap((line) => {
    const entry = journalEntry(line);
    return entry !== undefined && entry.atMs >= since ? entry.message.split('\n') : [];
  });
  const line = fatalLine(own);
  return line === undefined ? undefined : sanitise(line);
}
