import { randomInt } from 'node:crypto';

/** Bits of an id that mark a question as ours. */
const MARK_BITS = 4;
const MARKS = 1 << MARK_BITS;
/** Questions from inside that are remembered: what is seen on its way is looked at within seconds. */
const MOST = 4_096;
/** What a child of ours asked is seen to for so much longer (ms). */
const SEEN_LATER_MS = 2_500;

/** Names that a child of ours looks up now; the C library chooses the ids. */
const byChildren = new Map<string, number>();
/** Questions that came from inside a container: on their way out they pass this host, which is not who asks. */
const inside = new Set<string>();

/** What the last bits of our ids are: by the others, and by the name. */
function markOf(high: number, qname: string): number {
  let sum = high;
  for (const byte of Buffer.from(qname.toLowerCase(), 'latin1')) sum = (sum * 31 + byte) & 0xffff;
  return (sum ^ (sum >> 4) ^ (sum >> 8)) % MARKS;
}

/**
 * An id of 12 random bits, which nobody can guess together with its port (RFC 5452), and 4 that tell any program of
 * ours, also another one on this host, that nobody needs the name but to watch it. One in 16 of others looks so as well.
 */
export function ownQuestionId(qname: string): number {
  const high = randomInt(0x10000 >> MARK_BITS);
  return (high << MARK_BITS) | markOf(high, qname);
}

/** Notes a question that was seen to come from inside a container. */
export function noteInsideQuestion(id: number, qname: string): void {
  inside.add(`${id} ${qname.toLowerCase()}`);
  const [oldest] = inside;
  if (inside.size > MOST && oldest !== undefined) inside.delete(oldest);
}

/** Whether a question that passes this host came from inside a container. */
export const cameFromInside = (id: number, qname: string): boolean =>
  inside.has(`${id} ${qname.toLowerCase()}`);

/** A child of ours looks a name up until the returned function is called. */
export function noteChildLooksUp(name: string): () => void {
  const key = name.toLowerCase();
  byChildren.set(key, (byChildren.get(key) ?? 0) + 1);
  return () => {
    const timer = setTimeout(() => {
      const left = (byChildren.get(key) ?? 1) - 1;
      if (left > 0) byChildren.set(key, left);
      else byChildren.delete(key);
    }, SEEN_LATER_MS);
    timer.unref();
  };
}

/** Whether a question that was seen is one of ours, also with a suffix of the search list. */
export function isOwnQuestion(id: number, qname: string): boolean {
  const name = qname.toLowerCase();
  if (id % MARKS === markOf(id >> MARK_BITS, name)) return true;
  return [...byChildren.keys()].some((one) => name === one || name.startsWith(`${one}.`));
}
