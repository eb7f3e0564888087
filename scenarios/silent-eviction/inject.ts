import { causedByParts } from '../parts-cause.js';
import { forgottenParts } from '../routed-parts.js';

const { docker } = causedByParts({
  describe:
    'brings accounts, a server, router, which forgets a connection after 4 s without data and drops what comes on it then, and payments, which keeps idle connections to accounts by way of it',
  parts: forgottenParts('drop'),
});

/** A process between two others cannot drop packets of one connection: that takes networks of their own. */
export const causes = { docker };
