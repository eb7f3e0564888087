import type { Clock } from '../../clock.js';
import { loadLibc } from '../../linux/namespace/libc.js';
import type { SeenMessage } from '../../linux/packet/dns-message.js';
import type { ResolvConf } from '../../linux/resolver/resolv-conf.js';
import { AskedNames } from './asked-names.js';
import { cameFromInside } from './own-questions.js';
import { FIRST_MS, QuestionTap } from './question-tap.js';
import type { UnheardQuestions } from './sample.js';
import { SeenLate } from './seen-late.js';
import { SeenSilence } from './seen-silence.js';

/** O_CLOEXEC and O_NONBLOCK (include/linux/net.h). */
const FLAGS = 0o2000000 | 0o4000;
/** By then (ms) it is known what came from inside containers: their own packets are read every 2 s. */
const HELD_MS = 2_000;

/** What the processes of this host ask the servers of its resolv.conf for, read from packets: nothing is sent. */
export class HostQuestions {
  private readonly names = new AskedNames();
  /** Answers that came too late for who asked. */
  readonly late = new SeenLate();
  private readonly silence = new SeenSilence();
  private tap: QuestionTap | undefined;
  private held: readonly { readonly at: number; readonly seen: readonly SeenMessage[] }[] = [];
  private chosen: readonly string[] = [];
  private readonly began: number;

  constructor(private readonly clock: Clock) {
    this.began = clock.now();
    loadLibc().then(
      (libc) => {
        const open = (family: number, type: number, protocol: number): number =>
          libc.socket(family, type | FLAGS, protocol);
        this.tap = new QuestionTap(open, clock);
        // Opens it: what is asked from now on is there at the next look.
        this.tap.look();
      },
      // Without it nothing is learnt this way.
      () => undefined,
    );
  }

  /** At most so many names, as applications write them; one that was chosen stays as long as it is asked for. */
  look({ nameservers, search }: Pick<ResolvConf, 'nameservers' | 'search'>, most: number): readonly string[] {
    const now = this.clock.now();
    const ripe = this.held.filter(({ at }) => now - at >= HELD_MS).flatMap(({ seen }) => seen);
    const own = ripe.filter(
      ({ server, id, qname }) => nameservers.includes(server) && !cameFromInside(id, qname),
    );
    this.names.saw(own, now);
    const wasOpen = this.tap?.isOpen === true;
    const seen = this.tap?.look(this.late.waits(now)) ?? [];
    this.held = [...this.held.filter(({ at }) => now - at < HELD_MS), { at: now, seen }];
    this.late.saw(seen, now);
    if (wasOpen) this.silence.saw(seen, now);
    else this.silence.forget();
    const known = this.names.asWritten(search);
    const before = this.chosen.filter((name) => known.includes(name));
    this.chosen = [...new Set([...before, ...known])].slice(0, most);
    return this.chosen;
  }

  /** Whether its search list is tried for a name. */
  searches(name: string, search: readonly string[]): boolean {
    return this.names.searches(name, search);
  }

  /** How often a name, as applications write it, was asked for; 0 once nobody does any more. */
  timesAsked(name: string, { search }: Pick<ResolvConf, 'search'>): number {
    return this.names.timesAsked(name, search, this.clock.now());
  }

  /** Servers that let others wait, and answer nobody. */
  unheard(): readonly UnheardQuestions[] {
    return this.silence.now(this.clock.now());
  }

  /** Whether it has only just begun to listen, so that a name may be learnt any moment. */
  get isNew(): boolean {
    return this.tap !== undefined && this.clock.now() - this.began < FIRST_MS;
  }

  close(): void {
    this.tap?.close();
  }
}
