import { foldText } from './fold-text.ts';
import { withinDistance } from './within-distance.ts';

interface WordsKey {
  readonly accepted: readonly string[];
  readonly distance?: number | undefined;
}

/**
 * Whether a text is one of the accepted ones, spelled as `foldText` sees it and with as many slips as the key forgives. Of
 * a short word at most every third letter is forgiven, so that `sine` is never `cos`. A blank text is never accepted.
 */
export function isAccepted(text: string, { accepted, distance = 0 }: WordsKey): boolean {
  const given = [...foldText(text)];
  return (
    given.length > 0 &&
    accepted.some((each) => {
      const wanted = [...foldText(each)];
      return withinDistance(given, wanted, Math.min(distance, Math.floor(wanted.length / 3)));
    })
  );
}

/** What is wrong with such a key, in words for its author. */
export function wordsProblems({ accepted }: WordsKey): readonly string[] {
  return accepted.some((each) => foldText(each) === '') ? ['an accepted answer says something'] : [];
}
