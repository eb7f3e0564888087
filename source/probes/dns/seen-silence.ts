import type { SeenMessage } from '../../linux/packet/dns-message.js';
import { isOwnQuestion } from './own-questions.js';
import type { UnheardQuestions } from './sample.js';

/** Servers remembered at once. */
const MOST = 64;

/** Questions of others that went to a server since it last answered anybody, us included. */
export class SeenSilence {
  /** By server: monotonic ms of the first of them, and how many. */
  private readonly waiting = new Map<string, { readonly since: number; readonly asked: number }>();

  saw(messages: readonly SeenMessage[], now: number): void {
    for (const { kind, server, id, qname } of messages) {
      if (kind === 'answer') this.waiting.delete(server);
      else if (!isOwnQuestion(id, qname)) {
        const { since = now, asked = 0 } = this.waiting.get(server) ?? {};
        this.waiting.set(server, { since, asked: asked + 1 });
      }
    }
    for (const server of this.waiting.keys()) if (this.waiting.size > MOST) this.waiting.delete(server);
  }

  /** While nobody looks, answers go by unseen: what waited then is not known to wait. */
  forget(): void {
    this.waiting.clear();
  }

  now(now: number): UnheardQuestions[] {
    return [...this.waiting].map(([server, { since, asked }]) => ({ server, asked, ms: now - since }));
  }
}
