/** Loads a module of the built program: what needs child processes is tested as it ships. */
export async function built<Module>(path: string): Promise<Module> {
  const folder = process.env.FAULTLINE_DIST ?? 'dist';
  return (await import(
    /* @vite-ignore */ new URL(`../../${folder}/${path}`, import.meta.url).href
  )) as Module;
}
