/** Answers `/` with two bytes and `/report` with 200 kB, both at once. */
import { createServer } from 'node:http';
import { PORT, ready } from './part.mjs';

const report = 'a line of the report\n'.repeat(10_000);
const server = createServer(({ url }, response) => response.end(url === '/report' ? report : 'ok'));
// Idle connections are its clients' to close.
server.keepAliveTimeout = 0;
server.listen(PORT, () => ready(server.address().port));
