import type Docker from 'dockerode';
import type { EngineEvent, EngineLogLine } from '../engine.js';
import { ContainerTable } from './containers/container-table.js';
import { UntoldOoms } from './containers/untold-oom.js';
import type { DockerEvent } from './link/docker-event.js';
import { LastWords } from './logs/last-words.js';
import { LogDesk } from './logs/log-desk.js';
import { numberIn, tellEvent } from './tell-event.js';

/** Docker keeps 256; another daemon may keep all it ever told. */
const MOST_PAST = 2_000;

export interface KnownContainersOptions {
  /** Only containers with this label and value are known. */
  readonly label: readonly [name: string, value: string] | undefined;
  readonly now: () => number;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onLine: (line: EngineLogLine) => void;
}

/** The containers of a daemon with their output and last words, kept as the daemon's listings and events tell of them. */
export class KnownContainers {
  readonly table: ContainerTable;
  readonly logs: LogDesk;
  /** What happened before the daemon was met, oldest first; nobody is told of it. */
  readonly past: EngineEvent[] = [];
  readonly #lastWords = new LastWords();
  readonly #options: KnownContainersOptions;
  readonly #untoldOoms = new UntoldOoms();
  #tellsOom = true;

  constructor(options: KnownContainersOptions) {
    this.#options = options;
    this.table = new ContainerTable(options.label?.join('='));
    this.logs = new LogDesk(options.now, options.onLine);
  }

  /** All that there is, on a daemon that was just met. Rejects when it cannot be listed. */
  async takeStock(docker: Docker, product: string): Promise<void> {
    this.#tellsOom = product !== 'Podman';
    await this.table.reconcile(docker);
    for (const record of this.table.records()) {
      this.logs.resume(docker, record.snapshot());
      void this.#lastWords.ask(docker, record, Date.now());
    }
  }

  /** What no event told of. A failure here is the heartbeat's to judge. */
  async lookAgain(docker: Docker | null): Promise<void> {
    this.logs.sweep();
    if (docker === null) return;
    await this.table.reconcile(docker).catch(() => {});
    // What a check says goes on changing, and no event tells of it.
    for (const { listed } of this.table.records())
      if (listed.health === 'unhealthy') void this.table.refresh(docker, listed.id);
  }

  /** Takes an event in; `docker` is whom to ask what it changed, null where nobody can be asked now. */
  take(event: DockerEvent, past: boolean, docker: Docker | null): void {
    const record = this.table.get(event.id);
    const kill = this.#untoldKill(event);
    if (kill) this.take(kill, past, docker);
    if (past) {
      // Of what is gone since its end is told: others may still ask for it.
      const isEnd = event.action === 'destroy' && this.#concerns(event);
      const told = record || isEnd ? tellEvent(event, record, true) : undefined;
      if (event.action === 'cleanup') record?.cleanedUp();
      if (told && this.past.length < MOST_PAST) this.past.push(told);
      return;
    }
    if (record === undefined && !this.#concerns(event)) return;
    const told = tellEvent(event, record);
    if (event.action === 'destroy') {
      this.table.remove(event.id);
      this.logs.forget(event.id);
      this.#lastWords.forget(event.id);
    } else if (docker !== null) void this.#refresh(event, docker);
    if (told !== undefined) this.#options.onEvent(told);
  }

  /** The kill for memory before an end, of an engine that does not tell of such. */
  #untoldKill(event: DockerEvent): DockerEvent | undefined {
    if (this.#tellsOom || event.type !== 'container' || event.action !== 'die') return undefined;
    const { id, at, attributes } = event;
    const code = numberIn(attributes.exitCode ?? attributes.containerExitCode);
    const oomAt = this.#untoldOoms.before({ id, at, code });
    return oomAt === undefined ? undefined : { ...event, action: 'oom', at: oomAt };
  }

  /** Whether a container that is not known is one to be known: an event of a container brings its labels. */
  #concerns({ attributes }: DockerEvent): boolean {
    const { label } = this.#options;
    return label === undefined || attributes[label[0]] === label[1];
  }

  async #refresh({ id, action }: DockerEvent, docker: Docker): Promise<void> {
    await this.table.refresh(docker, id);
    const record = this.table.get(id);
    if (action === 'cleanup') record?.cleanedUp();
    if (action === 'start' && record) this.logs.resume(docker, record.snapshot());
    if (action === 'die' && record) await this.#lastWords.ask(docker, record, Date.now());
  }
}
