import type { Clock } from '../../clock.js';
import { loadLibc } from '../../linux/namespace/libc.js';
import type { SeenMessage } from '../../linux/packet/dns-message.js';
import type { ResolvConf } from '../../linux/resolver/resolv-conf.js';
import { AskedNames } from './asked-names.js';
import { cameFromInside } from './own-questions.js';
import { QuestionTap } from './question-tap.js';
import { SeenLate } from './seen-late.js';

/** O_CLOEXEC and O_NONBLOCK (include/linux/net.h). */
const FLAGS = 0o2000000 | 0o4000;

/** What the processes of this host ask the servers of its resolv.conf for, read from packets: nothing is sent. */
export class HostQuestions {
  private readonly names = new AskedNames();
  /** Answers that came too late for who asked. */
  readonly late = new SeenLate();
  private tap: QuestionTap | undefined;
  /** Seen in the last look: by the next one it is known what came from inside containers. */
  private held: readonly SeenMessage[] = [];
  private chosen: readonly string[] = [];

  constructor(private readonly clock: Clock) {
    loadLibc().then(
      (libc) => {
        const open = (family: number, type: number, protocol: number): number =>
          libc.socket(family, type | FLAGS, protocol);
        this.tap = new QuestionTap(open, clock);
      },
      // Without it nothing is learnt this way.
      () => undefined,
    );
  }

  /** At most so many names, as applications write them; one that was chosen stays as long as it is asked for. */
  look({ nameservers, search }: Pick<ResolvConf, 'nameservers' | 'search'>, most: number): readonly string[] {
    const own = this.held.filter(
      ({ server, id, qname }) => nameservers.includes(server) && !cameFromInside(id, qname),
    );
    const now = this.clock.now();
    this.names.saw(own, now);
    this.held = this.tap?.look(this.late.waits(now)) ?? [];
    this.late.saw(this.held, now);
    const known = this.names.asWritten(search);
    const before = this.chosen.filter((name) => known.includes(name));
    this.chosen = [...new Set([...before, ...known])].slice(0, most);
    return this.chosen;
  }

  close(): void {
    this.tap?.close();
  }
}
