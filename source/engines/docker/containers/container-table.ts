import type Docker from 'dockerode';
import { isProcessOfContainer } from '../../../linux/cgroup/container-process.js';
import { statusOf, withDeadline } from '../link/deadline.js';
import { ContainerRecord } from './container-record.js';
import { type ContainerDetails, fromInspect, fromList, type ListedContainer } from './from-daemon.js';
import { InFlight } from './in-flight.js';

const LIST_MS = 10_000;
const INSPECT_MS = 5_000;
/** Inspections under way at once; the daemon answers 22 in 13 ms one after the other (measured, Docker 20.10). */
const MOST_INSPECTIONS = 8;

interface Refresh {
  /** Asked for again while it was under way. */
  again: boolean;
  /** The container was removed meanwhile: an answer from before is of no use. */
  gone: boolean;
  done: Promise<void>;
}

/** Every container that the daemon knows, or those with one label. One listing takes stock; after that only what changed is asked for. */
export class ContainerTable {
  readonly #records = new Map<string, ContainerRecord>();
  readonly #flight = new InFlight(MOST_INSPECTIONS);
  readonly #refreshing = new Map<string, Refresh>();
  readonly #filters: Readonly<Record<string, string[]>>;

  /** `label` is `name=value`; absent: all containers. */
  constructor(label?: string) {
    this.#filters = label === undefined ? {} : { label: [label] };
  }

  records(): Iterable<ContainerRecord> {
    return this.#records.values();
  }

  get(id: string): ContainerRecord | undefined {
    return this.#records.get(id);
  }

  /** By name, full id, or at least 12 digits of an id. */
  find(name: string): ContainerRecord | undefined {
    const byId = this.#records.get(name);
    if (byId !== undefined) return byId;
    for (const record of this.#records.values()) if (record.listed.name === name) return record;
    if (!/^[0-9a-f]{12,64}$/.test(name)) return undefined;
    for (const [id, record] of this.#records) if (id.startsWith(name)) return record;
    return undefined;
  }

  remove(id: string): void {
    this.#records.delete(id);
    const under = this.#refreshing.get(id);
    if (under !== undefined) under.gone = true;
  }

  /** Takes stock: what is gone is forgotten, what is new or differs is inspected. Rejects when the list fails. */
  async reconcile(docker: Docker): Promise<void> {
    const before = [...this.#records.keys()];
    const rows = await withDeadline(LIST_MS, (abortSignal) =>
      docker.listContainers({ all: true, filters: this.#filters, abortSignal }),
    );
    const seen = new Set<string>();
    const stale: string[] = [];
    for (const row of rows) {
      const listed = fromList(row);
      seen.add(listed.id);
      const record = this.#records.get(listed.id);
      if (record?.detailed && sameRow(record.listed, listed)) continue;
      if (record === undefined) this.#records.set(listed.id, new ContainerRecord(listed));
      else record.list(listed);
      stale.push(listed.id);
    }
    // One that came while the list was made is not in it, and is not gone.
    for (const id of before) if (!seen.has(id)) this.remove(id);
    await Promise.all(stale.map((id) => this.refresh(docker, id)));
  }

  /**
   * Asks for one container's details. Calls that come while one is under way share the one after it, so that a
   * container in a crash loop costs no more than its daemon can tell. Never rejects: a container that is gone is
   * forgotten, and one that cannot be inspected keeps what the list says.
   */
  refresh(docker: Docker, id: string): Promise<void> {
    const under = this.#refreshing.get(id);
    if (under !== undefined) {
      under.again = true;
      return under.done;
    }
    const work: Refresh = { again: false, gone: false, done: Promise.resolve() };
    this.#refreshing.set(id, work);
    work.done = this.#refresh(docker, id, work).finally(() => this.#refreshing.delete(id));
    return work.done;
  }

  async #refresh(docker: Docker, id: string, work: Refresh): Promise<void> {
    do {
      work.again = false;
      await this.#flight.run(async () => {
        try {
          const abortable = (abortSignal: AbortSignal) => docker.getContainer(id).inspect({ abortSignal });
          const details = fromInspect(await withDeadline(INSPECT_MS, abortable));
          if (!work.gone) this.#take(details);
        } catch (error) {
          // Removed between its event and this question.
          if (statusOf(error) === 404) this.#records.delete(id);
        }
      });
    } while (work.again);
  }

  #take(told: ContainerDetails): void {
    // A daemon elsewhere tells of processes of its own host.
    const isHere = told.pid !== null && isProcessOfContainer(told.pid, told.id);
    const details = isHere ? told : { ...told, pid: null };
    let record = this.#records.get(details.id);
    if (record === undefined) {
      record = new ContainerRecord(details);
      this.#records.set(details.id, record);
    }
    record.inspect(details);
  }
}

/** Whether a row of the list tells nothing new. */
function sameRow(known: ListedContainer, row: ListedContainer): boolean {
  return (
    known.name === row.name &&
    known.status === row.status &&
    (known.health === row.health || row.status !== 'running') &&
    known.networks.map(({ name, address }) => `${name} ${address}`).join() ===
      row.networks.map(({ name, address }) => `${name} ${address}`).join()
  );
}
