/** The parts of a manager's answers that are read (Docker Engine API 1.25 and later); whatever is left out is unknown. */

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
