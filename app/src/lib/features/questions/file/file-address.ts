import type { AnswerFile } from '$lib/client/index.ts';

/** The address of a file's content. Its type is one of those that run nothing. */
export function fileAddress({ mediaType, data }: AnswerFile): string {
  return `data:${mediaType};base64,${data}`;
}
