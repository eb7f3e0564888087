import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { type Answer, type Client, startClient } from './client.js';

/** Requests to each address. */
const REQUESTS = 4;
/** A request gives up after 5 s; one more for its way back (ms). */
const PATIENCE_MS = 7000;
const LOOK_MS = 100;

/**
 * Finds out which way to the service works, by asking it both ways: by its virtual IP, which the kernel's IPVS balances,
 * and by the tasks' own addresses. Rejects when it answers neither way.
 */
export async function tryEndpoint(
  docker: Docker,
  lab: { readonly id: string; readonly name: string; readonly image: string },
): Promise<{ readonly mode: 'vip' | 'dnsrr'; readonly because: string }> {
  const [byVip, byTasks] = await Promise.all([
    startClient(docker, lab, lab.name, `${lab.name}-by-vip`),
    startClient(docker, lab, `tasks.${lab.name}`, `${lab.name}-by-tasks`),
  ]);
  try {
    const [vip, tasks] = await Promise.all([askAll(byVip), askAll(byTasks)]);
    return judgeEndpoint(vip, tasks);
  } finally {
    await Promise.all([byVip.end(), byTasks.end()]);
  }
}

/** What the answers by virtual IP and by the tasks' own addresses say. Pure. */
export function judgeEndpoint(
  vip: readonly Answer[],
  tasks: readonly Answer[],
): { readonly mode: 'vip' | 'dnsrr'; readonly because: string } {
  const good = (answers: readonly Answer[]): string =>
    `${answers.filter(({ ok }) => ok).length} of ${answers.length} requests`;
  if (vip.some(({ ok }) => ok))
    return { mode: 'vip', because: `${good(vip)} to the virtual IP were answered` };
  if (!tasks.some(({ ok }) => ok))
    throw new Error(
      `the service answers neither by its virtual IP nor by its tasks' addresses: ${tasks.at(-1)?.error ?? 'no answer'}`,
    );
  return {
    mode: 'dnsrr',
    because:
      `${good(vip)} to the virtual IP were answered (${vip.at(-1)?.error ?? 'no answer'}) and ${good(tasks)} to the ` +
      "tasks' own addresses were: the kernel has no IPVS",
  };
}

async function askAll(client: Client): Promise<readonly Answer[]> {
  client.load(1, REQUESTS, '/');
  const end = performance.now() + PATIENCE_MS;
  while (client.answers(0).length < REQUESTS && performance.now() < end) await sleep(LOOK_MS);
  return client.answers(0);
}
