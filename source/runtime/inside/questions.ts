import type { Clock } from '../../clock.js';
import { type Libc, loadLibc } from '../../linux/namespace/libc.js';
import { socketInside } from '../../linux/namespace/socket-in.js';
import { AskedNames } from '../../probes/dns/asked-names.js';
import { noteInsideQuestion } from '../../probes/dns/own-questions.js';
import { QuestionTap } from '../../probes/dns/question-tap.js';
import { SeenLate } from '../../probes/dns/seen-late.js';
import { SeenSilence } from '../../probes/dns/seen-silence.js';
import type { DnsLateAnswer, InsideSample, UnheardQuestions } from '../../probes/samples.js';
import type { Watched } from './choose.js';
import type { SeenToAsk } from './lookup-names.js';

/** Docker's resolver, as every container on a network with names sees it. */
const DOCKER_RESOLVER = '127.0.0.11';

/** A lookup that is well is over within milliseconds: one look may meet it, two in a row do not (looks are 2 s apart). */
const LOOKS_WAITING = 2;
/** So long (ms) after the last of them its lookups count as waiting. */
const WAITED_MS = 60_000;

interface Listened {
  readonly pid: number;
  readonly tap: QuestionTap;
  readonly names: AskedNames;
  readonly late: SeenLate;
  readonly silence: SeenSilence;
}

/** What the containers that are looked into ask their resolvers for, read from their packets: nothing is sent. */
export class ContainerQuestions {
  private readonly listened = new Map<string, Listened>();
  private readonly resolvers = new Map<
    string,
    { readonly search: readonly string[]; readonly byDocker: boolean }
  >();
  /** Looks in a row that saw lookups wait, and when the last of them was. */
  private readonly waiting = new Map<string, { readonly looks: number; readonly at: number }>();
  private libc: Libc | undefined;

  constructor(private readonly clock: Clock) {
    loadLibc().then(
      (libc) => {
        this.libc = libc;
      },
      // Without it nothing is learnt this way.
      () => undefined,
    );
  }

  /** Takes in what was asked since the last look, of these containers alone. */
  look(watched: readonly Watched[]): void {
    const libc = this.libc;
    if (!libc) return;
    const there = new Map(watched.map(({ name, pid }) => [name, pid]));
    for (const [name, { pid, tap }] of this.listened)
      if (there.get(name) !== pid) {
        tap.close();
        this.listened.delete(name);
      }
    for (const [name, pid] of there) {
      if (pid === null) continue;
      const one = this.listened.get(name) ?? {
        pid,
        tap: new QuestionTap((family, type) => socketInside(libc, pid, family, type), this.clock),
        names: new AskedNames(),
        late: new SeenLate(),
        silence: new SeenSilence(),
      };
      this.listened.set(name, one);
      const now = this.clock.now();
      const wasOpen = one.tap.isOpen;
      const seen = one.tap.look(one.late.waits(now));
      for (const { id, qname } of seen) noteInsideQuestion(id, qname);
      one.names.saw(seen, now);
      one.late.saw(seen, now);
      if (wasOpen) one.silence.saw(seen, now);
      else one.silence.forget();
    }
  }

  /** Takes in what a container showed of itself. */
  saw({ name, resolver, askers }: InsideSample): void {
    if (resolver)
      this.resolvers.set(name, {
        search: resolver.search,
        byDocker: resolver.nameservers.includes(DOCKER_RESOLVER),
      });
    const before = this.waiting.get(name);
    if ((askers ?? 0) > 0) this.waiting.set(name, { looks: (before?.looks ?? 0) + 1, at: this.clock.now() });
    else if ((before?.looks ?? 0) < LOOKS_WAITING) this.waiting.delete(name);
  }

  of(name: string): SeenToAsk {
    const { search = [], byDocker = false } = this.resolvers.get(name) ?? {};
    const { looks = 0, at = 0 } = this.waiting.get(name) ?? {};
    return {
      names: this.listened.get(name)?.names.asWritten(search) ?? [],
      waits: looks >= LOOKS_WAITING && this.clock.now() - at < WAITED_MS,
      byDocker,
    };
  }

  /** Whether a container tries its search list for a name. */
  searches(name: string, asked: string): boolean {
    const { search = [] } = this.resolvers.get(name) ?? {};
    return this.listened.get(name)?.names.searches(asked, search) ?? false;
  }

  /** How often a container was seen to ask for a name, as its applications write it; 0 once it does not any more. */
  timesAsked(name: string, asked: string): number {
    const { search = [] } = this.resolvers.get(name) ?? {};
    return this.listened.get(name)?.names.timesAsked(asked, search, this.clock.now()) ?? 0;
  }

  /** Answers for a name that came to a container too late, since they were last taken. */
  lateAnswers(name: string, asked: string): readonly DnsLateAnswer[] {
    return this.listened.get(name)?.late.take(asked) ?? [];
  }

  /** How long a container's applications waited for what they were given for a name, ms, since they were last taken. */
  othersMs(name: string, asked: string): readonly number[] {
    return this.listened.get(name)?.late.takeTimes(asked) ?? [];
  }

  /** Servers that let a container wait, and answer it nothing. */
  unheard(name: string): readonly UnheardQuestions[] {
    return this.listened.get(name)?.silence.now(this.clock.now()) ?? [];
  }

  close(): void {
    for (const { tap } of this.listened.values()) tap.close();
    this.listened.clear();
  }
}
