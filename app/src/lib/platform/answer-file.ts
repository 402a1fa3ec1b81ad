import { FILE_TYPES, type FileType, MAX_FILE_SIZE } from '@darasa/shared/questions';

/** A file that is small enough for an answer, in base64. */
export interface FittingFile {
  readonly mediaType: FileType;
  readonly data: string;
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** Widths or heights in pixels, and qualities, from the finest: the first that fits is taken. Writing on paper stays readable at the last. */
const STEPS: readonly (readonly [side: number, quality: number])[] = [
  [1600, 0.8],
  [1600, 0.6],
  [1280, 0.6],
  [1024, 0.6],
  [800, 0.5],
  [640, 0.4],
];

/** A photo made small enough, as JPEG, without what a camera writes into it (place, time, device); null for what is no picture. */
export async function fitPhoto(file: Blob): Promise<FittingFile | null> {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (image === null) return null;
  try {
    const canvas = document.createElement('canvas');
    for (const [side, quality] of STEPS) {
      const scale = Math.min(1, side / Math.max(image.width, image.height));
      canvas.width = Math.max(1, Math.round(image.width * scale));
      canvas.height = Math.max(1, Math.round(image.height * scale));
      const context = canvas.getContext('2d');
      if (context === null) return null;
      // What is transparent becomes paper, not black.
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
      if (blob !== null && blob.size <= MAX_FILE_SIZE) return { mediaType: 'image/jpeg', data: await base64Of(blob) };
    }
    return null;
  } finally {
    image.close();
  }
}

/** A file as it is; null where it is too large, empty, or of a type that answers do not hold. */
export async function readSmallFile(file: Blob): Promise<FittingFile | null> {
  const mediaType = FILE_TYPES.find((type) => type === file.type);
  if (mediaType === undefined || file.size === 0 || file.size > MAX_FILE_SIZE) return null;
  return { mediaType, data: await base64Of(file) };
}
