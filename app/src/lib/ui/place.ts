/** Where a piece of work is; each place counts only when it has been proved. */
export type Place = 'device' | 'laptop' | 'school' | 'refused';

/** Whether a stop of the way is filled. The laptop is no part of a way that went straight to the school. */
export function isProved(place: Place, stop: 'device' | 'laptop' | 'school'): boolean {
  if (stop === 'device') return true;
  return place === stop;
}
