import type { ViewName, Views } from '../../workers/database/api.ts';
import { callback, database } from './bridge.ts';
import { problems } from './problems.svelte.ts';

/** A view as a screen holds it. */
export interface LiveView<Name extends ViewName> {
  /** `undefined` until the device has answered; then the view, or `null` where it is not on this device or not theirs. */
  readonly current: Views[Name]['result'] | undefined;
  /** What went wrong, when the view could not be made. */
  readonly error: string | null;
}

/**
 * A live view of the device's own data. Call it while a component is made: it follows `params` and ends with the component.
 * While the parameters change, the former result stays until the next one comes.
 *
 * `const course = liveView('course', () => ({ courseId: page.params.courseId }));` … `{#if course.current}`
 */
export function liveView<Name extends ViewName>(
  name: Name,
  params: () => Views[Name]['params'] = () => ({}) as Views[Name]['params'],
): LiveView<Name> {
  let current = $state.raw<Views[Name]['result'] | undefined>(undefined);
  let error = $state.raw<string | null>(null);

  $effect(() => {
    // The runes of the parameters are read here, so that a change starts the view anew; the worker gets plain data.
    const asked = $state.snapshot(params()) as Views[Name]['params'];
    let over = false;
    const show = callback((result: Views[Name]['result']) => {
      if (over) return;
      current = result;
      error = null;
    });
    const watching = database().watch(name, asked, show);
    watching.catch((cause: unknown) => {
      if (over) return;
      error = cause instanceof Error ? cause.message : String(cause);
      problems.report(`view ${name}`, cause);
    });
    return () => {
      over = true;
      watching.then(
        (watch) => watch.stop(),
        () => undefined, // It never began: told above.
      );
    };
  });

  return {
    get current() {
      return current;
    },
    get error() {
      return error;
    },
  };
}
