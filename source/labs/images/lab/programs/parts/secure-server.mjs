/**
 * Answers by HTTPS, with what its last rotation left: PART_CERTIFICATE, PEM of a key and whatever is sent. Switch
 * `whole-chain`: PART_WHOLE, which is in date, for the right name and with its issuer.
 */
import { createServer } from 'node:https';
import { PORT, ready, setting, switchedOn } from './part.mjs';

const pem = switchedOn('whole-chain') ? setting('PART_WHOLE') : setting('PART_CERTIFICATE');
const server = createServer({ key: pem, cert: pem }, (_, response) => response.end('paid\n'));
server.listen(PORT, () => ready(server.address().port));
