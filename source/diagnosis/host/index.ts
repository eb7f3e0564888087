import type { Signature } from '../signature.js';
import { closeWaitLeak } from './close-wait-leak.js';
import { httpErrors } from './http-errors.js';
import { listenOverflow } from './listen-overflow.js';
import { retransmission } from './retransmission.js';

/** What can be seen on any host and needs no failure mode behind it. */
export const hostSignatures: readonly Signature[] = [
  listenOverflow,
  closeWaitLeak,
  retransmission,
  httpErrors,
];
