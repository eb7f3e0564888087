import type { Workload } from '../engines/engine.js';
import type { DatastoresSample } from './datastores/sample.js';
import type { Probe } from './probe.js';
import type { SocketsSample } from './sockets/sample.js';

/**
 * Samples of a session that is told to watch its workloads and nothing else of the host (`workloadsOnly`): what other
 * programs do is left out, so that a lab is not blamed for its neighbours. Counts by state stay those of the kernel.
 */
export function onlyWorkloads<Sample>(
  probe: Probe<Sample>,
  workloads: () => readonly Workload[],
  keep: (sample: Sample, workloads: readonly Workload[]) => Sample,
): Probe<Sample> {
  const own = Object.getOwnPropertyDescriptors(probe);
  const run: Probe<Sample>['run'] = async (context) => keep(await probe.run(context), workloads());
  return Object.defineProperties({}, { ...own, run: { value: run, enumerable: true } }) as Probe<Sample>;
}

/** Edges, listeners and held connections of workloads. */
export function socketsOfWorkloads(
  { left: _, ...sample }: SocketsSample,
  workloads: readonly Workload[],
): SocketsSample {
  const names = new Set(workloads.map(({ name }) => name));
  const isOurs = (name: string | null): boolean => name !== null && names.has(name);
  return {
    ...sample,
    listeners: sample.listeners.filter(({ service }) => isOurs(service)),
    ...(sample.closeWait ? { closeWait: sample.closeWait.filter(({ service }) => isOurs(service)) } : {}),
    ...(sample.edges
      ? { edges: { ...sample.edges, list: sample.edges.list.filter(({ owner }) => isOurs(owner)) } }
      : {}),
  };
}

/** Databases and brokers that are workloads: containers by name, processes by the ports that they serve. */
export function datastoresOfWorkloads(
  sample: DatastoresSample,
  workloads: readonly Workload[],
): DatastoresSample {
  const names = new Set(workloads.map(({ name }) => name));
  const ports = new Set(workloads.flatMap((one) => one.ports.map(({ port }) => port)));
  return {
    ...sample,
    datastores: sample.datastores.filter(({ workload, address }) =>
      workload === null ? ports.has(portOf(address)) : names.has(workload),
    ),
  };
}

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
