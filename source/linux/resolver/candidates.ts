export type LibcKind = 'glibc' | 'musl';

/**
 * The names that the C library asks for, in order, when an application looks up `name` (man 5 resolv.conf, `ndots`;
 * glibc resolv/res_query.c). With fewer dots than ndots the suffixes come first and the name itself last; otherwise
 * the other way round. A trailing dot means: this name and no other. musl never tries suffixes once there are
 * enough dots (src/network/lookup_name.c). `noTld` is glibc's option no-tld-query: a name without a dot is asked with a
 * suffix only, if there is one.
 */
export function candidateNames(
  name: string,
  search: readonly string[],
  ndots: number,
  libc: LibcKind = 'glibc',
  noTld = false,
): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const dots = name.split('.').length - 1;
  const withSuffix = search.map((suffix) => (suffix === '' ? name : `${name}.${suffix}`));
  if (noTld && dots === 0 && withSuffix.length > 0) return [...new Set(withSuffix)];
  const all = dots < ndots ? [...withSuffix, name] : libc === 'musl' ? [name] : [name, ...withSuffix];
  return [...new Set(all)];
}
