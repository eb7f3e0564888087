/**
 * Socket and path of `/run/app.sock:/health`, as nginx and others write them behind `unix:`; the path of the request
 * is `/` where none is given.
 */
export function splitUnixPath(text: string): { readonly socket: string; readonly path: string } {
  const cut = text.indexOf(':/');
  const plain = text.replace(/^\/\/+/, '/');
  if (cut === -1) return { socket: plain, path: '/' };
  return { socket: text.slice(0, cut).replace(/^\/\/+/, '/'), path: text.slice(cut + 1) };
}
