import { idProblems } from '../parts.ts';
import { type QuestionKind, whole } from '../question-kind.ts';
import { isInside, middleOf } from './inside.ts';
import { hotspotAnswer, hotspotKey } from './schema.ts';

/** A place on a picture: right in one of the key's places. */
export const hotspot: QuestionKind<'hotspot'> = {
  keySchema: hotspotKey,
  answerSchema: hotspotAnswer,
  problems({ places = [] }, key) {
    const reachable = places.length === 0 || places.some((each) => key.right.some((shape) => isInside(each, shape)));
    return [
      ...idProblems(
        'place',
        places.map(({ id }) => id),
      ),
      ...(reachable ? [] : ['one of the named places is right']),
    ];
  },
  grade(_question, key, answer) {
    const right = key.right.find((shape) => isInside(answer, shape));
    const hit = right ?? key.wrong?.find((shape) => isInside(answer, shape));
    return whole(right !== undefined, 'place', hit?.feedback);
  },
  solution(_question, key) {
    const [first] = key.right;
    return first === undefined ? null : { kind: 'hotspot', ...middleOf(first) };
  },
};
