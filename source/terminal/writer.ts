/** The one way to the terminal: everything drawn goes through here and is counted. */

export interface CountingWriter {
  /** Stands in for the stream given; writes are counted and never throw once the terminal is gone. */
  readonly stream: NodeJS.WriteStream;
  /** Bytes written since the start. */
  bytes(): number;
  /** Stops listening on the stream. */
  release(): void;
}

/** Wraps a terminal stream. A terminal that hung up (EIO) or a closed pipe (EPIPE) makes writes no-ops, not a crash. */
export function countingWriter(stdout: NodeJS.WriteStream): CountingWriter {
  let bytes = 0;
  let gone = false;
  const onError = () => {
    gone = true;
  };
  stdout.on('error', onError);
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
    if (gone) {
      if (done) setImmediate(done);
      return true;
    }
    bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength;
    return (stdout.write as (...parts: unknown[]) => boolean)(chunk, ...rest);
  };
  const stream = new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { stream, bytes: () => bytes, release: () => stdout.off('error', onError) };
}
