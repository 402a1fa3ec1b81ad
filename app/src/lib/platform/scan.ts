/** Looking for a QR code with the camera, or in a picture. */

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

const LONGEST_SIDE = 1_200;

/** The browser's own detector where it has one (Chromium on Android), else a reader that is loaded now. Both answer null for no code. */
async function reader(): Promise<(image: CanvasImageSource & ImageBitmapSource, width: number, height: number) => Promise<string | null>> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass & { getSupportedFormats(): Promise<string[]> } }).BarcodeDetector; // of no standard library yet
  if (own !== undefined && (await own.getSupportedFormats().catch((): string[] => [])).includes('qr_code')) {
    const detector = new own({ formats: ['qr_code'] });
    return async (image) => (await detector.detect(image))[0]?.rawValue ?? null;
  }
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (image, width, height) => {
    if (context === null) return null;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      // It throws where there is no code to be read, which most pictures of a camera are.
      return null;
    }
  };
}

/** What the QR code in a picture says; null where there is none, or where it is no picture. */
export async function readPicture(file: Blob): Promise<string | null> {
  const image = await createImageBitmap(file).catch(() => null);
  if (image === null) return null;
  try {
    return await (await reader())(image, image.width, image.height);
  } finally {
    image.close();
  }
}

/**
 * Shows the camera in a video element and calls back with each code that it sees, until it is stopped. Throws where there is no camera,
 * or nobody allows it.
 */
export async function watchCamera(video: HTMLVideoElement, seen: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  const look = await reader();
  video.srcObject = stream;
  await video.play();
  let over = false;
  const next = (): void => {
    if (!over) requestAnimationFrame(() => void frame());
  };
  async function frame(): Promise<void> {
    const text = video.videoWidth === 0 ? null : await look(video, video.videoWidth, video.videoHeight).catch(() => null); // the next frame may be read
    if (text !== null && !over) seen(text);
    next();
  }
  next();
  return () => {
    over = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
