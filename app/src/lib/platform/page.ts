/** Loads the page again, from the build that is in charge now. */
export function reloadPage(): void {
  window.location.reload();
}

/** Opens an address of this server that is no page of the app. */
export function openAddress(address: string): void {
  window.open(address, '_blank', 'noopener');
}

/** How much of an element has been scrolled past, from 0 to 1; 1 when all of it fits on the screen. */
export function seenPart(element: HTMLElement): number {
  const box = element.getBoundingClientRect();
  if (box.height <= 0) return 0;
  return Math.min(1, Math.max(0, (window.innerHeight - box.top) / box.height));
}

/** Calls back when the page scrolls or changes its size, at most once a frame. Returns the way to stop. */
export function onScroll(call: () => void): () => void {
  let asked = 0;
  const later = (): void => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(call);
  };
  window.addEventListener('scroll', later, { passive: true });
  window.addEventListener('resize', later);
  return () => {
    cancelAnimationFrame(asked);
    window.removeEventListener('scroll', later);
    window.removeEventListener('resize', later);
  };
}

/** Below this many screens from where the page begins, nobody needs help to find their place. */
const WORTH_A_JUMP_SCREENS = 0.6;

/**
 * Goes to where a part of an element was last seen, at once and without a movement. Answers whether it went: not when the place is
 * near enough, nor when the reader or a link has chosen a place already.
 */
export function resumeAtPart(element: HTMLElement, part: number): boolean {
  if (window.scrollY > 0 || window.location.hash !== '') return false;
  const box = element.getBoundingClientRect();
  // What was at the bottom of the screen then comes to its lower third, so that the last lines are read again.
  const top = box.top + box.height * part - window.innerHeight * 0.7;
  if (top < window.innerHeight * WORTH_A_JUMP_SCREENS) return false;
  window.scrollTo({ top, behavior: 'instant' });
  return true;
}

/** Back to where the page begins, with the focus on its title, so that a screen reader goes along. */
export function goToStart(): void {
  window.scrollTo({ top: 0, behavior: 'instant' });
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
}

/** Prints the page; what is no paper's business carries the class `no-print`. */
export function printPage(): void {
  window.print();
}

/** Asks in the browser's own box, which nothing on the page can cover. */
export function confirmLeaving(question: string): boolean {
  return window.confirm(question);
}
