import type { Trouble } from '../endpoint/endpoint.js';

/** Whether Docker can be asked, and if not, why and what mends it. */
export type Availability = {
  /** Wall-clock milliseconds since when it is so. */
  readonly since: number;
} & (
  | { readonly state: 'connecting' }
  | {
      readonly state: 'available';
      readonly endpoint: string;
      /** Of the daemon, as it says: `20.10.24`, `1.41`. */
      readonly version: string;
      readonly apiVersion: string;
      /** `Docker` or another engine that speaks its protocol (Podman says so). */
      readonly product: string;
      /** Times the daemon was lost and found again since the start. */
      readonly reconnects: number;
    }
  | { readonly state: 'unavailable'; readonly trouble: Trouble }
);
