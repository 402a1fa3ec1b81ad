/** The first letters of the first and the last word of a name: `Amina wa Juma` is `AJ`. Arabic takes one letter, since two would join. */
export function initialsOf(name: string): string {
  const parts = name.trim().split(/\s+/u);
  const first = [...(parts[0] ?? '')][0] ?? '?';
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : '';
  return (/\p{Script=Arabic}/u.test(first) ? first : first + last).toLocaleUpperCase();
}
