import { isIPv6 } from 'node:net';
import type { DnsNameSample, FormerAddress } from './sample.js';

/** What is remembered (ms), and how much of it: names that move do so now and then. */
const REMEMBERED_MS = 1_800_000;
const MOST_NAMES = 64;
const MOST_ADDRESSES = 16;
/** An answer that leaves an address out may be a slip, or one of several servers; two in a row are none. */
const LEFT_OUT = 2;
/** A name that gives its addresses in turn has let one go only once it was not given for so long (ms): our choice. */
const IN_TURN_MS = 60_000;

type Family = 4 | 6;

interface Given {
  /** Monotonic and wall-clock ms of the last time, and which answer of its family that was. */
  now: number;
  wall: number;
  answer: number;
  readonly family: Family;
}

interface Known {
  readonly given: Map<string, Given>;
  /** Answers with an address, by family: a question that was not answered says nothing of what was given before. */
  readonly answers: Record<Family, number>;
  /** An address was left out and came again. */
  inTurn: boolean;
}

/** What one client's names gave before. */
export class FormerAnswers {
  private readonly names = new Map<string, Known>();

  /** Takes in one look at all of its names; `now` is monotonic ms, `wall` wall-clock ms. */
  take(samples: readonly DnsNameSample[], now: number, wall: number): void {
    for (const name of new Set(samples.map((one) => one.name))) {
      const addresses = new Set(samples.filter((one) => one.name === name).flatMap(addressesOf));
      if (addresses.size === 0) continue;
      const known = this.names.get(name) ?? { given: new Map(), answers: { 4: 0, 6: 0 }, inTurn: false };
      this.names.delete(name);
      this.names.set(name, known);
      takeIn(known, addresses, now, wall);
    }
    for (const name of this.names.keys()) if (this.names.size > MOST_NAMES) this.names.delete(name);
  }

  /** What a name gave and does not give any more, while it gives another address of that family; newest first. */
  of(name: string, now: number): FormerAddress[] {
    const known = this.names.get(name);
    if (!known) return [];
    return [...known.given]
      .filter(([, one]) => {
        const leftOut = known.answers[one.family] - one.answer;
        return leftOut >= LEFT_OUT && (!known.inTurn || now - one.now >= IN_TURN_MS);
      })
      .map(([address, { wall }]) => ({ address, at: wall }))
      .sort((a, b) => b.at - a.at);
  }

  /** Whether an address was left out of the last answer of a name, and it is not known yet whether that stays so. */
  isMoving(name: string): boolean {
    const { given, answers, inTurn } = this.names.get(name) ?? {};
    return (
      given !== undefined &&
      inTurn === false &&
      [...given.values()].some((one) => answers?.[one.family] === one.answer + 1)
    );
  }
}

function takeIn(known: Known, addresses: ReadonlySet<string>, now: number, wall: number): void {
  const { given, answers } = known;
  for (const family of new Set([...addresses].map(familyOf))) answers[family]++;
  for (const address of addresses) {
    const family = familyOf(address);
    const before = given.get(address);
    if (before && answers[family] - before.answer > 1) known.inTurn = true;
    given.delete(address);
    given.set(address, { now, wall, answer: answers[family], family });
  }
  for (const [address, one] of given)
    if (now - one.now > REMEMBERED_MS || given.size > MOST_ADDRESSES) given.delete(address);
}

const familyOf = (address: string): Family => (isIPv6(address) ? 6 : 4);

const addressesOf = ({ steps, otherwise = [] }: DnsNameSample): readonly string[] => [
  ...steps.flatMap(({ addresses }) => addresses),
  ...otherwise,
];

/** Samples with what their names gave before. */
export function withFormer<Sample extends DnsNameSample>(
  samples: readonly Sample[],
  former: FormerAnswers,
  { now, wall }: { now(): number; wall(): number },
): Sample[] {
  former.take(samples, now(), wall());
  return samples.map((one) => {
    const all = former.of(one.name, now());
    return {
      ...one,
      ...(all.length === 0 ? {} : { former: all }),
      ...(former.isMoving(one.name) ? { moving: true as const } : {}),
    };
  });
}
