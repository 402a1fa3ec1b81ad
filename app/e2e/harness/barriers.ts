import AxeBuilder from '@axe-core/playwright';
import type { Device } from './device.ts';

/** What axe finds against WCAG 2.2 AA on the screen as it is, in a line each. */
export async function barriers({ page }: Device): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const where = new URL(page.url()).pathname;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${where} ${id} ${target.join(' ')} ${any[0]?.message ?? ''}`),
  );
}
