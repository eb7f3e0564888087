import type Docker from 'dockerode';
import { reasonOf, statusOf } from '../link/deadline.js';
import { membershipOf } from './membership.js';

/** What a service was told to be, as the daemon holds it: all of it is sent back with every change. */
export type ServiceSpec = Readonly<Record<string, unknown>>;

/** A change that met another one is made again this many times. */
const TRIES = 5;

/** The service's spec now, or null when there is no such service. Rejects when the daemon cannot be asked. */
export async function specOf(docker: Docker, service: string): Promise<ServiceSpec | null> {
  return (await inspect(docker, service))?.spec ?? null;
}

/**
 * Updates a service and gives back its spec as it was before. Swarm refuses a change that was made on an older version
 * of the spec; it is then made again on the newer one. Rejects with the daemon's own words.
 */
export async function changeSpec(
  docker: Docker,
  service: string,
  change: (spec: ServiceSpec) => ServiceSpec,
): Promise<ServiceSpec> {
  for (let left = TRIES; ; left--) {
    const now = await inspect(docker, service);
    if (now === null) throw new Error(`there is no service ${service}`);
    try {
      await docker.getService(service).update({ ...change(now.spec), version: now.version });
      return now.spec;
    } catch (error) {
      if (left > 1 && /out of sequence/i.test(reasonOf(error))) continue;
      throw new Error(`service update of ${service}: ${reasonOf(error)}`);
    }
  }
}

/** A service's limits in a spec: CPU in cores, memory in bytes; what is not named stays. */
export function withLimits(
  spec: ServiceSpec,
  limits: { readonly cpus?: number; readonly memoryBytes?: number },
): ServiceSpec {
  const task = (spec.TaskTemplate ?? {}) as { Resources?: { Limits?: Record<string, number> } };
  return {
    ...spec,
    TaskTemplate: {
      ...task,
      Resources: {
        ...task.Resources,
        Limits: {
          ...task.Resources?.Limits,
          ...(limits.cpus === undefined ? {} : { NanoCPUs: Math.round(limits.cpus * 1e9) }),
          ...(limits.memoryBytes === undefined ? {} : { MemoryBytes: limits.memoryBytes }),
        },
      },
    },
  };
}

/** The limits in a spec, as `withLimits` takes them; what is not a figure is not named. */
export function limitsIn(spec: ServiceSpec): { readonly cpus?: number; readonly memoryBytes?: number } {
  const task = spec.TaskTemplate as { Resources?: { Limits?: Record<string, unknown> } } | undefined;
  const { NanoCPUs, MemoryBytes } = task?.Resources?.Limits ?? {};
  return {
    ...(typeof NanoCPUs === 'number' ? { cpus: NanoCPUs / 1e9 } : {}),
    ...(typeof MemoryBytes === 'number' ? { memoryBytes: MemoryBytes } : {}),
  };
}

/** Names of the parts of two specs that differ: `TaskTemplate.Resources.Limits.NanoCPUs`. Empty when they are equal. */
export function specDifference(a: unknown, b: unknown, at = ''): readonly string[] {
  if (isRecord(a) && isRecord(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return names.flatMap((name) => specDifference(a[name], b[name], at === '' ? name : `${at}.${name}`));
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [at];
}

async function inspect(
  docker: Docker,
  service: string,
): Promise<{ readonly version: number; readonly spec: ServiceSpec } | null> {
  try {
    const found = await docker.getService(service).inspect();
    return { version: found.Version.Index, spec: found.Spec };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    // A daemon that left its swarm has no services; one whose swarm has no leader cannot say.
    if (statusOf(error) === 503 && (await membershipOf(docker)).state === 'none') return null;
    throw new Error(`service ${service}: ${reasonOf(error)}`);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
