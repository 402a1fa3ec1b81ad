import type { Page } from '@playwright/test';

/** What the page carries while it is measured. */
interface Measured {
  darasaUsefulAt?: number;
}

/**
 * Before a page is opened: notes the moment when an element with the selector is painted, in milliseconds since the navigation began.
 * Painted: two animation frames after it is in the page.
 */
export async function watchForUsefulScreen(page: Page, selector: string): Promise<void> {
  await page.addInitScript((wanted) => {
    // No named function here: tsx marks those with a helper of its own, which the page does not have.
    const observer = new MutationObserver(() => {
      if (document.querySelector(wanted) === null) return;
      observer.disconnect();
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          (window as unknown as Measured).darasaUsefulAt = performance.now(); // The measurement lives on the page itself.
        }),
      );
    });
    observer.observe(document, { childList: true, subtree: true });
  }, selector);
}

/** Milliseconds from the beginning of the navigation to the useful screen. */
export async function usefulScreenAfter(page: Page): Promise<number> {
  const moment = await page.waitForFunction(() => (window as unknown as Measured).darasaUsefulAt ?? null);
  const value = await moment.jsonValue();
  if (value === null) throw new Error('The screen was painted, and no moment was noted.');
  return value;
}
