// Loaded into the program before its own code (NODE_OPTIONS=--import): on SIGUSR2 something throws where nobody
// catches it. What the console starts loads it too, and is left alone.
// FAULTLINE_TEST_CRASH says what: nothing for memory that cannot be had, which no program survives; `stray` for an error
// as a library may throw one; `rejection` for a promise that nobody waits for; `storm` for a loop of them. With
// FAULTLINE_TEST_CRASH_MS it happens by itself after that time.
const stray = (text) => Object.assign(new Error(text), { code: 'ESTRAY' });
const ways = {
  memory() {
    throw Object.assign(new RangeError('thrown by the test'), { code: 'ERR_MEMORY_ALLOCATION_FAILED' });
  },
  stray() {
    throw stray('thrown by the test');
  },
  rejection() {
    void Promise.reject(stray('rejected by the test'));
  },
  storm() {
    const next = () => {
      setImmediate(next);
      throw stray('thrown by the test again and again');
    };
    setImmediate(next);
  },
};
if (process.argv[1]?.endsWith('cli.js')) {
  const way = ways[process.env.FAULTLINE_TEST_CRASH ?? 'memory'];
  process.on('SIGUSR2', () => setTimeout(way, 0));
  const ms = process.env.FAULTLINE_TEST_CRASH_MS;
  if (ms !== undefined) setTimeout(way, Number(ms));
}
