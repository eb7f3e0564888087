/** Files of a TLS connection, as text; what is absent was not there. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the daemon's certificate is checked. */
  readonly verify: boolean;
}

/** Who says where Docker is when nobody else does. */
export const BY_DEFAULT = 'the default';

/** Where a Docker daemon is asked. */
export type Endpoint = {
  /** As a person writes it: `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Who said so: `the default`, `DOCKER_HOST`, `docker context "staging"`. */
  readonly from: string;
} & (
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: TlsMaterial | null }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port: number | null;
      readonly user: string | null;
      /** Where the daemon listens there, or null for the usual place. */
      readonly path: string | null;
    }
);

/** What keeps us from a daemon. */
export type TroubleKind =
  | 'setting'
  | 'missing'
  | 'denied'
  | 'refused'
  | 'hung'
  | 'closed'
  | 'tls'
  | 'name'
  | 'unreachable'
  | 'ssh'
  | 'not-docker'
  | 'failed';

/** A failure to reach Docker, for a person: which endpoint, what went wrong, and the command that mends it. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly endpoint: string;
  readonly what: string;
  readonly mend: string;
}

/** One line of text from a trouble. */
export function troubleText({ endpoint, what, mend }: Trouble): string {
  return `Docker at ${endpoint}: ${what}. Try: ${mend}`;
}

export type Resolved =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly trouble: Trouble };

/** What is looked at to find the endpoint: the environment and a few files. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly readFile: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
}
