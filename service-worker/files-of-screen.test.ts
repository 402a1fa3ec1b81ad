import { expect, test } from 'vitest';
import { onlyReachedFrom } from './files-of-screen.mjs';

const manifest = {
  app: { file: 'app.js', isEntry: true, imports: ['kit'], dynamicImports: ['home', 'gallery'] },
  kit: { file: 'kit.js' },
  home: { file: 'home.js', isEntry: true, imports: ['button'], css: ['home.css'] },
  gallery: { file: 'gallery.js', isEntry: true, imports: ['button', 'samples'], css: ['gallery.css'] },
  button: { file: 'button.js', css: ['button.css'] },
  samples: { file: 'samples.js', imports: ['kit'] },
};

test('a screen’s own files are those that no other screen leads to', () => {
  expect(onlyReachedFrom(manifest, ['gallery']).sort()).toEqual(['gallery.css', 'gallery.js', 'samples.js']);
});

test('a screen that is not there has no files', () => {
  expect(onlyReachedFrom(manifest, [])).toEqual([]);
});
