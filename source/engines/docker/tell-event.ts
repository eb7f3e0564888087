import type { EngineEvent } from '../engine.js';
import type { ContainerRecord } from './containers/container-record.js';
import { isOwnTool } from './containers/own-tools.js';
import type { DockerEvent } from './link/docker-event.js';

/**
 * Notes an event in its container's record and puts it in words; undefined for what nobody needs to be told. `past`: it
 * happened before the daemon was met, and an inspection has told what came of it.
 */
export function tellEvent(
  event: DockerEvent,
  record: ContainerRecord | undefined,
  past = false,
): EngineEvent | undefined {
  const { action, attributes, at, id } = event;
  if (event.type === 'container' && (action === 'create' || action === 'cleanup')) return undefined;
  if (isOwnTool(record?.listed.labels ?? attributes)) return undefined;
  return {
    at,
    workload: record?.listed.name ?? attributes.name ?? id.slice(0, 12),
    action,
    ...note(event, record, past),
  };
}

type Told = Pick<EngineEvent, 'detail' | 'signal' | 'exitCode' | 'network' | 'addresses' | 'names'>;

/** What is told of it besides its name: figures as such, and the same in words. */
function note(
  { type, action, attributes, at }: DockerEvent,
  record: ContainerRecord | undefined,
  past: boolean,
): Told {
  const { name: network = '' } = attributes;
  if (type === 'network') return { detail: `network ${network}`, ...(network === '' ? {} : { network }) };
  switch (action) {
    case 'start':
      record?.started();
      return { detail: '' };
    case 'kill': {
      const signal = numberIn(attributes.signal);
      if (signal !== null) record?.signalled(signal);
      return { detail: `signal ${attributes.signal ?? '?'}`, ...(signal === null ? {} : { signal }) };
    }
    case 'oom':
      if (past) record?.pastOom();
      else record?.oom();
      return { detail: 'the kernel killed a process of it: out of memory' };
    case 'die': {
      const exitCode = numberIn(attributes.exitCode);
      const meaning = record?.died(exitCode, at).meaning;
      const detail = `exit code ${exitCode ?? 'unknown'}${meaning === undefined ? '' : `: ${meaning}`}`;
      return { detail, ...(exitCode === null ? {} : { exitCode }) };
    }
    case 'health':
      return { detail: attributes.health ?? '' };
    case 'update':
      return { detail: 'its limits or its restart policy were set' };
    case 'rename':
      return { detail: `was ${(attributes.oldName ?? '').replace(/^\//, '')}` };
    case 'destroy':
      return { detail: '', ...partingOf(record, attributes) };
    default:
      return { detail: '' };
  }
}

/** By what others may still ask for one that is removed. */
function partingOf(
  record: ContainerRecord | undefined,
  attributes: DockerEvent['attributes'],
): Pick<Told, 'addresses' | 'names'> {
  const networks = record?.snapshot().networks ?? [];
  const addresses = networks.flatMap(({ address, formerAddress }) => address ?? formerAddress ?? []);
  const service = attributes['com.docker.compose.service'];
  const names = [
    ...networks.flatMap(({ aliases = [] }) => aliases),
    ...(service === undefined ? [] : [service]),
  ];
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(names.length > 0 ? { names: [...new Set(names)] } : {}),
  };
}

/** A number that an event tells as text. */
export const numberIn = (text = ''): number | null => (/^\d+$/.test(text) ? Number(text) : null);
