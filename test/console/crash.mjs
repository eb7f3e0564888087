// Loaded into the console before its own code (NODE_OPTIONS=--import): on SIGUSR2 something throws where nobody
// catches it, as a fault of the program itself would. What the console starts loads it too, and is left alone.
if (process.argv[1]?.endsWith('cli.js'))
  process.on('SIGUSR2', () => {
    setTimeout(() => {
      throw new Error('thrown by the test');
    }, 0);
  });
