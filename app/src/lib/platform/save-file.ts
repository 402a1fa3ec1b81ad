/** Offers a text, or bytes, to the person as a file. */
export function saveFile(name: string, content: string | Blob, type = 'application/json'): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the address over when the click returns; a task later it needs it no more.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
