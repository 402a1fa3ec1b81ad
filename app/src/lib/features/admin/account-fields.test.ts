import type { AdminAccount } from '@darasa/shared/protocol';
import { expect, test } from 'vitest';
import { changeOf, NO_FIELDS, tidyFields } from './account-fields.ts';

const before: AdminAccount = {
  ...NO_FIELDS,
  id: 'ada',
  displayName: 'Ada',
  username: 'ada',
  kind: 'learner',
  disabled: false,
  classIds: ['7a', '8b'],
};
const typed = { ...NO_FIELDS, displayName: ' Ada ', username: 'ADA ', classIds: ['8b', '7a'], guards: ['x'] };

test('nothing is sent where nothing has changed, whatever the order and the spaces', () => {
  expect(changeOf(before, tidyFields('learner', typed))).toBeNull();
});

test('what has changed is sent, and no list that the kind does not have', () => {
  expect(changeOf(before, tidyFields('learner', { ...typed, classIds: [], displayName: 'Ada W.' }))).toEqual({
    displayName: 'Ada W.',
    classIds: [],
  });
  expect(tidyFields('guardian', typed)).toMatchObject({ classIds: [], guards: ['x'] });
});
