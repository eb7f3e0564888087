/** What a service's control messages look like on the wire, both ways. */
export interface ControlRequest {
  readonly request: number;
  readonly kind: string;
  readonly value?: unknown;
}

/** Where a service listens. */
export interface ServicePort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** How the engine learns that a service is ready to serve. */
export type Readiness =
  /** The child sends `{ready: true, ports}` over IPC. */
  | { readonly by: 'message' }
  /** A line on stdout or stderr matches. */
  | { readonly by: 'line'; readonly pattern: RegExp };

/** One child process that the engine runs like a container. */
export interface ServiceSpec {
  readonly name: string;
  readonly command: string;
  /** Asked at every start, with the ports the service has already had, so that a restart keeps them. */
  readonly args: (ports: readonly ServicePort[]) => readonly string[];
  /** Added to the engine's own environment; asked at every start, so that a restart sees the present switches. */
  readonly env: (ports: readonly ServicePort[]) => Readonly<Record<string, string>>;
  /** Whom it runs as; absent means as oneself. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Ports known before the first start; those told by a `ready` message replace them. */
  readonly ports: readonly ServicePort[];
  readonly readiness: Readiness;
  /** Milliseconds from spawn to ready before the start is given up. */
  readonly readyTimeoutMs: number;
  /** What asks it to end in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** Milliseconds between asking and SIGKILL. */
  readonly stopTimeoutMs: number;
}
