import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

/**
 * Keys for items in the order given. Those that fit are kept, so that putting something between two others writes one key, and
 * people who insert at different places do not meet. Two who insert at the same place may get equal keys; ids order those, and
 * the next who puts something between them moves the second. Unusable keys are made anew.
 */
export function orderKeys(keys: readonly (string | null)[]): readonly string[] {
  try {
    const made: string[] = [];
    for (const [index, key] of keys.entries()) {
      const last = made.at(-1) ?? null;
      if (key !== null) generateKeyBetween(key, null); // throws for what is no key
      if (key !== null && (last === null || key > last)) made.push(key);
      else
        made.push(generateKeyBetween(last, keys.slice(index + 1).find((each) => each !== null && (last === null || each > last)) ?? null));
    }
    return made;
  } catch {
    // Somebody else's program wrote one that is no key.
    return generateNKeysBetween(null, null, keys.length);
  }
}
