/** The text of a file that a person chose; null when it is no UTF-8 text, as a spreadsheet's own format is not. */
export async function readTextFile(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}
