/** In UTF-16 code units: some 3,000 words. */
export const MAX_ESSAY_LENGTH = 20_000;

/** What an answer of files may hold. */
export const FILE_TYPES = ['image/jpeg', 'image/webp', 'image/png', 'application/pdf', 'text/plain'] as const;
export type FileType = (typeof FILE_TYPES)[number];
export const MAX_FILES = 3;
/** In bytes. As text, with what stands beside it, a file is then no larger than a person's record may be. The app makes photos smaller until they fit. */
export const MAX_FILE_SIZE = 180_000;

/** All answers of an attempt together, as JSON: with their grade they then fit into a person's record. */
export const MAX_ANSWERS_SIZE = 200_000;
