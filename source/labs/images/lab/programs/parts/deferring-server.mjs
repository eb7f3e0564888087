/**
 * nginx with a backlog of PART_BACKLOG that is told of a connection once its client has said something (TCP_DEFER_ACCEPT,
 * "deferred"): until then it is half-open to the kernel, and takes room among those.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complain, numberSetting, PORT, ready } from './part.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
const file = join(folder, 'nginx.conf');
writeFileSync(
  file,
  `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr warn;
events { worker_connections 512; }
http {
  access_log off;
  server { listen ${PORT} deferred backlog=${numberSetting('PART_BACKLOG', 32)}; location / { return 200 "ok\\n"; } }
}
`,
);

const server = spawn('nginx', ['-c', file], { stdio: ['ignore', 'inherit', 'inherit'] });
server.on('error', (error) => complain(`nginx: ${error.message}`));
server.on('exit', (code) => process.exit(code ?? 1));
process.on('exit', () => server.kill());

function tellOnceItListens() {
  const socket = connect({ host: '127.0.0.1', port: PORT }, () => {
    socket.destroy();
    ready(PORT);
  });
  socket.on('error', () => setTimeout(tellOnceItListens, 100));
}
tellOnceItListens();
