/** Sends what goes to one address by way of a router, which is known by its name: its address may change when it starts anew. */
import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';

export async function routeBy(router, destination) {
  let by;
  const follow = async () => {
    const { address } = await lookup(router, 4);
    if (address === by) return;
    execFileSync('ip', ['route', 'replace', `${destination}/32`, 'via', address]);
    by = address;
  };
  await follow();
  setInterval(() => follow().catch(() => {}), 1_000);
}
