import { datastoresOfWorkloads, onlyWorkloads } from '../only-workloads.js';
import type { Probe } from '../probe.js';
import type { ProbeSession } from '../session.js';
import { createDatastoresProbe } from './datastores-probe.js';
import type { DatastoresSample } from './sample.js';

/** The databases and brokers of a session: of its workloads alone, where it is told to watch nothing else. */
export function createWatchedDatastores({
  engine,
  settings,
  clock,
  doors,
  suspicion,
}: ProbeSession): Probe<DatastoresSample> {
  const workloads = () => engine?.list() ?? [];
  const probe = createDatastoresProbe({
    ...{ clock, doors, workloads },
    ...(suspicion ? { suspicion } : {}),
    ...(settings.mysql ? { mysql: settings.mysql } : {}),
  });
  return settings.workloadsOnly ? onlyWorkloads(probe, workloads, datastoresOfWorkloads) : probe;
}
