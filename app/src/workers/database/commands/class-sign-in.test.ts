import { createHash, pbkdf2Sync } from 'node:crypto';
import { type CodeKind, classSignInId, codeKind, type DocumentOf } from '@darasa/shared/documents';
import { describe, expect, test } from 'vitest';
import { teacherAt } from '../testing/teacher.fixture.ts';
import { makeClassCode, makeSignIns, newCode, takeBackSignIn } from './class-sign-in.ts';
import type { CommandContext } from './context.ts';

const random = (bytes: Uint8Array): Uint8Array => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
const held = ({ own }: CommandContext, accountId: string): Promise<DocumentOf<'class-sign-in'>> =>
  own.use((pouch) => pouch.get<DocumentOf<'class-sign-in'>>(classSignInId('7a', accountId)));
const wanting = (code: CodeKind | null, card: boolean) => ({ code, card });

describe('a new code', () => {
  test('is a PIN that is not what everybody tries first, or three pictures, each another one', () => {
    for (let at = 0; at < 300; at += 1) {
      expect(codeKind(newCode('pictures', random))).toBe('pictures');
      const pin = newCode('pin', random);
      expect(codeKind(pin)).toBe('pin');
      expect(pin).not.toMatch(/^(\d)\1+$|1234|4321/);
    }
  });
});

describe('what a teacher makes', () => {
  test('is kept as what checks it, and stands in the answer alone', async () => {
    const teacher = await teacherAt(71, 'njeri', 'teaches:7a');
    const made = await makeSignIns(teacher, '7a', ['ada', 'ben'], wanting('pin', true));
    if (!made.ok) throw new Error(made.detail);
    expect(made.value.map(({ accountId }) => accountId)).toEqual(['ada', 'ben']);
    const [{ code, secret } = { code: null, secret: null }] = made.value;
    const doc = await held(teacher, 'ada');
    expect(JSON.stringify(doc)).not.toContain(String(secret));
    expect(doc.card.value).toMatchObject({ kind: 'card', by: 'njeri', digest: createHash('sha256').update(String(secret)).digest('hex') });
    const { value } = doc.code;
    if (value.kind === 'none') throw new Error('no code');
    const { salt, iterations, derived_key } = value.verifier;
    expect(pbkdf2Sync(String(code), salt, iterations, 32, 'sha256').toString('hex')).toBe(derived_key);
    expect(JSON.stringify(doc)).not.toContain(`"${code}"`);
  });

  test('counts on from what it replaces; what was taken back checks nothing', async () => {
    const teacher = await teacherAt(72, 'njeri', 'teaches:7a');
    await makeSignIns(teacher, '7a', ['ada'], wanting('pictures', true));
    await makeSignIns(teacher, '7a', ['ada'], wanting('pin', false));
    const renewed = await held(teacher, 'ada');
    expect([renewed.code.tick, renewed.code.value.kind, renewed.card.tick]).toEqual([2, 'pin', 1]);
    expect(await takeBackSignIn(teacher, '7a', 'ada')).toMatchObject({ ok: true });
    const gone = await held(teacher, 'ada');
    expect([gone.code, gone.card].map(({ value, tick }) => [value.kind, tick])).toEqual([
      ['none', 3],
      ['none', 2],
    ]);
    expect(JSON.stringify(gone)).not.toContain('derived_key');
  });

  test('is for a class that they teach', async () => {
    const teacher = await teacherAt(73, 'njeri', 'teaches:8b');
    expect(await makeSignIns(teacher, '7a', ['ada'], wanting('pin', true))).toMatchObject({ ok: false, problem: 'not-allowed' });
    expect(await makeClassCode(teacher, '7a')).toMatchObject({ ok: false, problem: 'not-allowed' });
    expect(await makeClassCode(teacher, '8b')).toMatchObject({ ok: true });
  });
});
