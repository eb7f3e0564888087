/**
 * Answers by HTTPS, with what its last rotation left: PART_CERTIFICATE, PEM of a key and whatever is sent. Switch
 * `whole-chain`: PART_WHOLE, which is in date, for the right name and with its issuer. With PART_MAX_VERSION it speaks
 * nothing newer, and all that is older, until the switch `tls-versions` is on.
 */
import { createServer } from 'node:https';
import { PORT, ready, setting, switchedOn } from './part.mjs';

const pem = switchedOn('whole-chain') ? setting('PART_WHOLE') : setting('PART_CERTIFICATE');
const max = switchedOn('tls-versions') ? undefined : process.env.PART_MAX_VERSION;
const old = max ? { minVersion: 'TLSv1', maxVersion: max, ciphers: 'DEFAULT:@SECLEVEL=0' } : {};
const server = createServer({ key: pem, cert: pem, ...old }, (_, response) => response.end('paid\n'));
server.listen(PORT, () => ready(server.address().port));
