import { describe, expect, test } from 'vitest';
import { createRenderer } from './render.ts';

const renderer = createRenderer();
const html = async (text: string, figures: Record<string, string> = {}): Promise<string> =>
  (await renderer.block(text, { language: 'en', figures })).html;

describe('a lesson in Markdown', () => {
  test('begins its headings below the page’s own title', async () => {
    expect(await html('# One\n\n## Two\n\ntext')).toContain('<h2>One</h2>\n<h3>Two</h3>');
    expect(await html('## One\n\n### Two')).toContain('<h2>One</h2>\n<h3>Two</h3>');
  });

  test('has mathematics as MathML, in a line and on its own, and leaves prices alone', async () => {
    const text = await html('Half is $\\frac{1}{2}$, and it costs $5 or $6.\n\n$$\nx^2 = 4\n$$\n');
    expect(text).toContain('<mfrac>');
    expect(text).toContain('it costs $5 or $6.');
    expect(text).toMatch(/<div class="math" tabindex="0"><math[^>]*display="block"/);
  });

  test('has words beside its mathematics, for a voice', async () => {
    const text = await html('Half is $\\frac{1}{2}$.\n\n$$\\frac{2{,}160 + 120}{24} < \\text{"many"}$$\n');
    expect(text).toContain('<math alttext="1/2"');
    expect(text).toContain('<math alttext="2,160 + 120/24 &lt; &quot;many&quot;"');
  });

  test('has no header cell without words: the corner of a table is a plain cell', async () => {
    const text = await html('| | Price |\n|---|---|\n| Mango | 5 |\n');
    expect(text).toMatch(/<tr>\s*<td><\/td>\s*<th>Price<\/th>\s*<\/tr>/);
  });

  test('has worked examples, things to try with a folded solution, and notes', async () => {
    const text = await html(':::: try Add them\nHow much?\n\n::: solution\nFive.\n:::\n::::\n\n::: note\nKeep it.\n:::\n');
    expect(text).toContain('<div class="block block-try"><p class="block-title">Add them</p>');
    expect(text).toContain('<details class="block block-solution"><summary>Solution</summary>');
    expect(text).toContain('<p class="block-title">Keep in mind</p>');
    expect(text.match(/<div/g)?.length).toBe(text.match(/<\/div>/g)?.length);
  });

  test('sets Arabic apart in a line, and a block of it right to left', async () => {
    expect(await html('The word نور means light.')).toContain('The word <bdi lang="ar" dir="rtl">نور</bdi> means');
    const block = await html('::: arabic\nبِسْمِ اللَّهِ\n:::\n');
    expect(block).toContain('<div class="block block-arabic" lang="ar" dir="rtl">');
    expect(block).not.toContain('<bdi');
  });

  test('shows a figure as an image with its caption', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const text = await html('![A line](figure:line.svg "The line")', { 'line.svg': svg });
    expect(text).toContain('<figure><img src="data:image/svg+xml;utf8,%3Csvg');
    expect(text).toContain('alt="A line" loading="lazy"');
    expect(text).toContain('<figcaption>The line</figcaption></figure>');
    expect(text).not.toContain('<script');
  });

  test('scrolls a wide table in its own frame and aligns cells by class', async () => {
    const text = await html('| a | b |\n|---|--:|\n| 1 | 2 |\n');
    expect(text).toContain('<div class="table-scroll" tabindex="0"><table>');
    expect(text).toContain('<td class="align-right">2</td>');
    expect(text).not.toContain('style=');
  });

  test('is read aloud without its marks', async () => {
    const { spoken } = await renderer.block('## Half\n\nIt is **$\\frac{1}{2}$** of `x`, and $\\tfrac12$ of $y$.\n\n```js\ncode()\n```\n', {
      language: 'en',
    });
    expect(spoken).toBe('Half\nIt is 1/2 of x, and 1/2 of y.');
  });
});

describe('hostile Markdown', () => {
  /** Every tag that the renderer itself writes; attributes are checked one by one below. */
  const OWN_TAGS =
    /^(?:p|h[2-6]|em|strong|s|a|ul|ol|li|blockquote|hr|br|pre|code|img|figure|figcaption|div|details|summary|table|thead|tbody|tr|th|td|bdi|math|semantics|m[a-z]+)$/;
  const OWN_ATTRIBUTES =
    /^(?:alttext|class|href|title|rel|target|src|alt|loading|decoding|lang|dir|tabindex|start|open|display|style|mathvariant|stretchy|fence|form|separator|lspace|rspace|width|height|depth|voffset|scriptlevel|displaystyle|columnalign|rowspacing|columnspacing|minsize|maxsize|linethickness|mathcolor|accent|xmlns|symmetric|movablelimits|notation|columnlines|rowlines|largeop)$/;

  /** The tags and attributes of a text, read as a browser would: from `<` to `>`, quoted values skipped. */
  function parts(text: string): { tags: string[]; attributes: [name: string, value: string][] } {
    const tags: string[] = [];
    const attributes: [string, string][] = [];
    for (const [, tag = '', rest = ''] of text.matchAll(
      /<\/?([a-zA-Z][\w-]*)((?:\s+[^\s"'>/=]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?|\s+\/?)*)\s*\/?>/g,
    )) {
      tags.push(tag);
      for (const [, name = '', value = ''] of rest.matchAll(/([^\s"'>/=]+)(?:="([^"]*)")?/g)) attributes.push([name, value]);
    }
    return { tags, attributes };
  }

  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '[click](javascript:alert(1))',
    '[click](JaVaScRiPt:alert(1))',
    '[click](&#106;avascript:alert(1))',
    '[click](data:text/html,<script>alert(1)</script>)',
    '[click](vbscript:x)',
    '[click](figure:x.svg)',
    '[click](<javascript:alert(1)>)',
    '<javascript:alert(1)>',
    '![x](javascript:alert(1))',
    '![x](https://stranger.example/tracker.png)',
    '![x](data:image/svg+xml;base64,PHN2Zy8+)',
    '![" onerror="alert(1)](figure:x.svg)',
    '![x](figure:x.svg "&quot; onload=&quot;alert(1)")',
    '![x](figure:__proto__)',
    '::: note <img src=x onerror=alert(1)>\nx\n:::',
    '::: try "><script>alert(1)</script>\nx\n:::',
    '```"><script>alert(1)</script>\nx\n```',
    '$\\href{javascript:alert(1)}{x}$',
    '$\\text{<img src=x onerror=alert(1)>}$',
    '$\\class{"><script>}{x}$ $\\htmlData{a=b}{x}$ $\\url{javascript:alert(1)}$ $\\includegraphics{https://x.example/y.png}$',
    '$$\n\\def\\a{\\a\\a}\\a\n$$',
    '| <script> |\n|---|\n| <img onerror=x> |',
    '[x]: javascript:alert(1)\n\n[x]',
    '<b onmouseover=alert(1)>نور</b>',
    '\u0000<script>alert(1)</script>',
  ];

  test.each(attacks)('%j becomes text', async (attack) => {
    const figures = { 'x.svg': '"><script>alert(1)</script>' };
    for (const text of [await html(attack, figures), (await renderer.inline(attack, { language: 'ar', figures })).html]) {
      const { tags, attributes } = parts(text);
      expect(tags.filter((tag) => !OWN_TAGS.test(tag))).toEqual([]);
      expect(attributes.filter(([name]) => !OWN_ATTRIBUTES.test(name))).toEqual([]);
      for (const [name, value] of attributes) {
        if (name === 'href') expect(value).toMatch(/^(?:https?:\/\/|mailto:|#)/i);
        if (name === 'src') expect(value).toMatch(/^data:image\/svg\+xml;utf8,[^"'<>\s]*$/);
        if (name === 'style') expect(value).not.toMatch(/url|expression|javascript/i);
      }
      // What is no tag of ours has been escaped.
      expect(text.replace(/<\/?[a-zA-Z][^<>]*>/g, '')).not.toMatch(/</);
    }
  });
});
