/** A time as the browser's own field for day and time writes it, in the device's zone: `2026-01-31T17:00`; empty for none. */
export function toLocalField(instant: string | null): string {
  if (instant === null) return '';
  const time = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The time that such a field holds; null when it is empty or half filled in. `before` stays where its minute was not changed. */
export function fromLocalField(text: string, before: string | null): string | null {
  if (text === toLocalField(before)) return before;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
