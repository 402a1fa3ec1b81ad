/** The list with the item at one place put at another; the same list where there is no such place. */
export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length || from === to) return items;
  const others = items.filter((_, i) => i !== from);
  return [...others.slice(0, to), item, ...others.slice(to)];
}

/** Items in the order of an answer; those that it leaves out come last, as they stood. */
export function inOrderOf<Item extends { readonly id: string }>(items: readonly Item[], order: readonly string[]): readonly Item[] {
  const place = ({ id }: Item): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...items].sort((one, other) => place(one) - place(other));
}
