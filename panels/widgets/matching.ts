/** The items whose text contains the filter, whatever the case; all of them when it is empty. */
export function matching<Item>(
  items: readonly Item[],
  filter: string,
  text: (item: Item) => string,
): readonly Item[] {
  if (filter === '') return items;
  const wanted = filter.toLowerCase();
  return items.filter((item) => text(item).toLowerCase().includes(wanted));
}
