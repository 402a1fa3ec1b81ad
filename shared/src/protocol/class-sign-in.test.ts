import { expect, test } from 'vitest';
import { readSignInLink, type SignInLink, signInHash } from './class-sign-in.ts';

test('a link of a card or a class is read as it was written, whatever server it names', () => {
  const links: readonly SignInLink[] = [
    { kind: 'card', school: 'greenhill', classId: '7a', accountId: 'ada', secret: '0123456789abcdefghjkmnpq' },
    { kind: 'class', school: 'greenhill', classCode: 'k7pm-4xq9' },
  ];
  for (const link of links) {
    expect(readSignInLink(`https://elsewhere.example/sign-in${signInHash(link)}`)).toEqual(link);
  }
});

test('another text is no link', () => {
  const texts = [
    '',
    'https://school.example/',
    '#card=greenhill.7a.ada',
    '#card=greenhill.7a.ada.short',
    '#class=greenhill.7a',
    '#class=.k7pm-4xq9',
  ];
  expect(texts.map(readSignInLink)).toEqual(texts.map(() => null));
});
