// Service B answers and closes; service A (7101) keeps its own end open and never closes it: CLOSE-WAIT piles up.
const http = require('node:http');
const net = require('node:net');

net
  .createServer((socket) => {
    socket.on('error', () => {});
    socket.end('data');
  })
  .listen(7100, '127.0.0.1');

const held = [];
http
  .createServer((_, answer) => {
    const link = net.connect({ port: 7100, host: '127.0.0.1', allowHalfOpen: true });
    held.push(link);
    link.on('data', () => {});
    link.on('error', (error) => {
      answer.statusCode = 500;
      answer.end(error.code);
    });
    link.on('end', () => answer.end('ok'));
  })
  .listen(7101, '0.0.0.0');
