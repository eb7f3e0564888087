import { causedByParts } from '../parts-cause.js';
import { forgottenParts } from '../routed-parts.js';

const { docker } = causedByParts({
  describe:
    'brings accounts, a server, router, which forgets a connection after 4 s without data and answers what comes on it then with a reset, and payments, which keeps idle connections to accounts by way of it',
  parts: forgottenParts('reset'),
});

/** A process that stands between two others is an end itself, and no middle: that takes networks of their own. */
export const causes = { docker };
