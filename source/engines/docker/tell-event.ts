import type { EngineEvent } from '../engine.js';
import type { ContainerRecord } from './containers/container-record.js';
import { isOwnTool } from './containers/own-tools.js';
import type { DockerEvent } from './link/docker-event.js';

/** Notes an event in its container's record and puts it in words; undefined for what nobody needs to be told. */
export function tellEvent(event: DockerEvent, record: ContainerRecord | undefined): EngineEvent | undefined {
  const { action, attributes, at, id } = event;
  if (event.type === 'container' && action === 'create') return undefined;
  if (isOwnTool(record?.listed.labels ?? attributes)) return undefined;
  return {
    at,
    workload: record?.listed.name ?? attributes.name ?? id.slice(0, 12),
    action,
    detail: note(event, record),
  };
}

function note({ type, action, attributes, at }: DockerEvent, record: ContainerRecord | undefined): string {
  if (type === 'network') return `network ${attributes.name ?? ''}`;
  switch (action) {
    case 'start':
      record?.started();
      return '';
    case 'kill': {
      const signal = Number(attributes.signal);
      if (Number.isInteger(signal)) record?.signalled(signal);
      return `signal ${attributes.signal ?? '?'}`;
    }
    case 'oom':
      record?.oom();
      return 'the kernel killed a process of it: out of memory';
    case 'die': {
      const code = /^\d+$/.test(attributes.exitCode ?? '') ? Number(attributes.exitCode) : null;
      const meaning = record?.died(code, at).meaning;
      return `exit code ${code ?? 'unknown'}${meaning === undefined ? '' : `: ${meaning}`}`;
    }
    case 'health':
      return attributes.health ?? '';
    case 'update':
      return 'its limits or its restart policy were set';
    case 'rename':
      return `was ${(attributes.oldName ?? '').replace(/^\//, '')}`;
    default:
      return '';
  }
}
