import { z } from 'zod';
import { count, listOf, parts, text } from '../../engines/docker/link/shape.js';

/**
 * The parts of a manager's answers that are read (Docker Engine API 1.25 and later); whatever is left
 * out, or sent as another kind, is unknown.
 */

export interface NodeAnswer {
  readonly Status?: { readonly State?: string };
}

export interface TaskAnswer {
  readonly ID?: string;
  readonly ServiceID?: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly CreatedAt?: string;
  readonly DesiredState?: string;
  readonly Status?: {
    readonly Timestamp?: string;
    readonly State?: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ContainerID?: string; readonly ExitCode?: number };
  };
}

export interface ServiceAnswer {
  readonly ID?: string;
  readonly Spec?: {
    readonly Name?: string;
    readonly Mode?: { readonly Replicated?: { readonly Replicas?: number } };
    readonly TaskTemplate?: {
      readonly ContainerSpec?: { readonly Image?: string };
      readonly Resources?: {
        readonly Limits?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number };
      };
    };
    readonly EndpointSpec?: { readonly Mode?: string };
  };
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
}

const NODES = listOf(z.looseObject({ Status: parts({ State: text }) }));

const TASKS = listOf(
  z.looseObject({
    ...{ ID: text, ServiceID: text, Slot: count, NodeID: text, CreatedAt: text, DesiredState: text },
    Status: parts({
      ...{ Timestamp: text, State: text, Err: text },
      ContainerStatus: parts({ ContainerID: text, ExitCode: count }),
    }),
  }),
);

const REPLICATED = z.looseObject({ Replicas: count }).optional().catch(undefined);

const SERVICES = listOf(
  z.looseObject({
    ID: text,
    Spec: parts({
      Name: text,
      Mode: parts({ Replicated: REPLICATED }),
      TaskTemplate: parts({
        ContainerSpec: parts({ Image: text }),
        Resources: parts({ Limits: parts({ NanoCPUs: count, MemoryBytes: count }) }),
      }),
      EndpointSpec: parts({ Mode: text }),
    }),
    UpdateStatus: parts({ State: text, Message: text }),
  }),
);

/** A manager's lists in which every part that is read has its kind; an entry that is none is left out. */
export const nodesOf = (answer: unknown) => NODES.parse(answer) as readonly NodeAnswer[];
export const tasksOf = (answer: unknown) => TASKS.parse(answer) as readonly TaskAnswer[];
export const servicesOf = (answer: unknown) => SERVICES.parse(answer) as readonly ServiceAnswer[];
