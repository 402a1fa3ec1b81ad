import { shortTextKey } from '../../documents/course.ts';
import { foldText } from './fold-text.ts';
import type { QuestionKind } from './question-kind.ts';

/** A few words: right when they are one of the accepted answers, spelled as `foldText` sees it. A blank answer is never right. */
export const shortText: QuestionKind<'short-text'> = {
  keySchema: shortTextKey,
  share(_question, key, answer) {
    const given = foldText(answer.text);
    return given !== '' && key.accepted.some((each) => foldText(each) === given) ? 1 : 0;
  },
};
