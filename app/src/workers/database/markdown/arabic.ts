/** Letters, marks and digits of Arabic script, its presentation forms included. */
const ARABIC = '\\u0600-\\u06ff\\u0750-\\u077f\\u0870-\\u08ff\\ufb50-\\ufdff\\ufe70-\\ufefc';
/** A run goes on over spaces and joiners between Arabic words, so that a phrase stays in one direction. */
const RUN = new RegExp(`[${ARABIC}]+(?:[\\s\\u200c\\u200d]+[${ARABIC}]+)*`, 'gu');

/** Wraps runs of Arabic script in text that is escaped already, so that they stand right to left among other words. */
export function isolateArabic(escaped: string): string {
  return escaped.replace(RUN, (run) => `<bdi lang="ar" dir="rtl">${run}</bdi>`);
}
