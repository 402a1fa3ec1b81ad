import { expect, test } from 'vitest';
import { voiceFor } from './speech.ts';

const voice = (lang: string, localService: boolean, isDefault = false): SpeechSynthesisVoice => ({
  lang,
  localService,
  default: isDefault,
  name: lang,
  voiceURI: lang,
});
const remote = voice('sw-TZ', false, true);
const local = voice('sw_KE', true);

test('a voice of the device comes before one that needs the network, which is none without a network', () => {
  expect(voiceFor('sw', [remote, local], true)).toBe(local);
  expect(voiceFor('sw', [remote], true)).toBe(remote);
  expect(voiceFor('sw', [remote], false)).toBeNull();
});

test('a voice speaks its own language alone', () => {
  expect(voiceFor('sw', [voice('swg-DE', true), voice('en-GB', true)], true)).toBeNull();
  expect(voiceFor('ar', [local, voice('ar-001', true)], true)?.lang).toBe('ar-001');
});

test('of several voices the default one reads', () => {
  const chosen = voice('en-GB', true, true);
  expect(voiceFor('en', [voice('en-US', true), chosen], true)).toBe(chosen);
});
