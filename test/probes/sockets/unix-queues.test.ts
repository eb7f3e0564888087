import { expect, it } from 'vitest';
import type { UnixListener } from '../../../source/linux/netlink/unix-listeners.js';
import { UnixQueues } from '../../../source/probes/sockets/unix-queues.js';

const at = (pending: readonly number[], over: Partial<UnixListener> = {}): UnixListener => ({
  ...{ path: '/run/fpm.sock', inode: 1, queued: pending.length, backlog: 128, pending },
  clients: pending.filter((one) => one !== 0),
  ...over,
});

/** What is told of the queue after each look, two seconds apart: for how long its first has waited. */
async function told(...looks: readonly UnixListener[][]): Promise<(number | undefined)[]> {
  let now = 0;
  const queues = new UnixQueues(async () => looks[now / 2_000] ?? []);
  const found: (number | undefined)[] = [];
  for (; now < 2_000 * looks.length; now += 2_000) found.push((await queues.take([], now))[0]?.headForMs);
  return found;
}

it('a queue whose first is another in each look is none', async () => {
  expect(await told([at([10, 11])], [at([11, 12])], [at([12, 13])])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await told([at([10])], [], [at([10])])).toEqual([undefined, undefined, undefined]);
});

it('while its first is the same nobody is accepted, whoever gives up or joins', async () => {
  expect(await told([at([10, 11])], [at([10, 11, 12])], [at([0, 11, 12])], [at([0, 0, 12, 13])])).toEqual([
    ...[undefined, 2_000, 4_000, 6_000],
  ]);
  expect(await told([at([0, 11, 12])], [at([0, 11, 12])], [at([11, 12])])).toEqual([
    ...[undefined, 2_000, undefined],
  ]);
});

it('a full queue is told at once', async () => {
  expect(await told([at([10, 11], { queued: 129 })])).toEqual([0]);
});

it('a kernel that does not tell is left alone for a minute', async () => {
  let asked = 0;
  const queues = new UnixQueues(async () => {
    asked++;
    throw new Error('ENOENT');
  });
  for (const now of [0, 2_000, 59_000, 61_000]) expect(await queues.take([], now)).toEqual([]);
  expect(asked).toBe(2);
});
