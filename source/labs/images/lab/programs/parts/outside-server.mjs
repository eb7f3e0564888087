/** An HTTP server that knows no way to the private network PART_INSIDE, as nobody outside of it does. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { numberSetting, PORT, ready, setting } from './part.mjs';

const network = `${setting('PART_INSIDE')}.0/${numberSetting('PART_INSIDE_BITS', 24)}`;
execFileSync('ip', ['route', 'replace', 'unreachable', network]);
const server = createServer((_request, response) => response.end('ok\n'));
server.listen(PORT, () => ready(server.address().port));
