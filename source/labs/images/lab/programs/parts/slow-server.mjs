/** An HTTP server that takes PART_ANSWER_MS for each answer, and works on any number of requests at once. */
import { createServer } from 'node:http';
import { numberSetting, PORT, ready } from './part.mjs';

const takesMs = numberSetting('PART_ANSWER_MS', 0);

const server = createServer((_request, response) => {
  const timer = setTimeout(() => response.end('ok\n'), takesMs);
  response.on('close', () => clearTimeout(timer));
});
server.listen(PORT, () => ready(server.address().port));
