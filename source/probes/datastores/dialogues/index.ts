import type { DatastoreKind } from '../sample.js';
import { protocolHeader } from './amqp.js';
import type { Dialogue } from './dialogue.js';
import { hello } from './mongodb.js';
import { greeting } from './mysql.js';
import { sslRequest, startup } from './postgres.js';
import { ping } from './redis.js';

export type { Dialogue, Verdict } from './dialogue.js';

const FULL: Readonly<Record<DatastoreKind, Dialogue>> = {
  postgres: startup,
  pgbouncer: startup,
  mysql: greeting,
  redis: ping,
  amqp: protocolHeader,
  mongodb: hello,
};

/** How a product is asked; `quietly`, where going as far as one can would leave a line in its log. */
export const dialogueOf = (kind: DatastoreKind, quietly: boolean): Dialogue =>
  quietly && kind === 'postgres' ? sslRequest : FULL[kind];
