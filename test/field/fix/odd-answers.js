// Answers that clients take though they are odd: events without end, a head of 40 kB, LF alone, HTTP/2 alone, a login.
import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer } from 'node:net';

const says = (text) =>
  createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(text));
  });
const events = createHttp((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write('data: x\n\n'), 500);
  response.on('close', () => clearInterval(timer));
});
events.listen(9001);
says(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(40_000)}\r\ncontent-length: 0\r\n\r\n`).listen(9002);
says('HTTP/1.1 200 OK\nContent-Length: 2\n\nok').listen(9003);
createHttp2((_, response) => response.end('ok')).listen(9004);
createHttp((_, response) => response.writeHead(401).end()).listen(9005);
createHttp((_, response) => response.end('ok')).listen(process.env.SOCKET);
