/** Why one container should reach another, the surest first. */
export type EdgeReason =
  /** Its sockets were connected to it. */
  | 'seen'
  /** The settings say so. */
  | 'told'
  /** Compose says that it depends on it. */
  | 'compose'
  /** Both are on one network: it could, and need not. */
  | 'shared-network';

/** The same for a person. */
export const REASON_TEXT: Readonly<Record<EdgeReason, string>> = {
  seen: 'its sockets were connected to it',
  told: 'it is configured to use it',
  compose: 'compose says that it depends on it',
  'shared-network': 'they share a network',
};
