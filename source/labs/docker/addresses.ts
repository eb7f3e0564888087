import type { LabAddresses } from '../lab.js';
import { addressIn, type LabPlan } from './container-options.js';
import { askForwarder } from './counters.js';
import { DATABASE_NAME } from './parameters.js';

const LOOPBACK = '127.0.0.1';

/** Where this host reaches a lab's parts through the ports of 127.0.0.1 that they are published on. */
export const publishedAddresses = ({ ports, database }: LabPlan): LabAddresses => ({
  appUrl: `http://${LOOPBACK}:${ports.app}`,
  resolver: `${LOOPBACK}:${ports.resolver}`,
  redis: `${LOOPBACK}:${ports.cache}`,
  databaseName: DATABASE_NAME,
  database: { host: LOOPBACK, port: ports.database, ...database },
});

/**
 * Where this host reaches them best: without Docker's proxy, which takes a connection before it knows whether anybody
 * listens and so hides a refusal. A daemon in a virtual machine has its bridges there: then only published ports reach
 * it. The application's own address stays the published one: loads go to loopback only.
 */
export async function bestAddresses(plan: LabPlan, published: LabAddresses): Promise<LabAddresses> {
  const at = (name: string): string => addressIn(plan.network, name);
  const resolver = `${at('resolver')}:53`;
  if ((await askForwarder(resolver)) === null) return published;
  return {
    ...published,
    resolver,
    redis: `${at('redis')}:6379`,
    database: { ...published.database, host: at('postgres'), port: 5432 },
  };
}
