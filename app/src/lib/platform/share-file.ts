/** Handing a file to another app of the device: mail, messages, Bluetooth. */

function shareData(name: string, file: Blob): ShareData {
  return { files: [new File([file], name, { type: file.type })] };
}

/** Whether the browser can hand on such a file. Not all can, and not every kind. */
export function canShareFile(name: string, file: Blob): boolean {
  // Absent in some browsers, which TypeScript does not know.
  const { canShare } = navigator as { readonly canShare?: Navigator['canShare'] };
  return canShare?.call(navigator, shareData(name, file)) === true;
}

/** Shows the device's own choice of where to. Answers false when the person thought better of it. */
export async function shareFile(name: string, file: Blob): Promise<boolean> {
  try {
    await navigator.share(shareData(name, file));
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    throw error;
  }
}
