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
