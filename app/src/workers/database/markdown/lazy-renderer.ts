import { loadMath } from './math.ts';
import type { MarkdownRenderer } from './render.ts';

export interface LazyRenderer extends MarkdownRenderer {
  /** Loads it ahead of the first text, so that it is here when the network is gone. */
  warm(): Promise<void>;
}

/** The renderer, loaded with the first text at the latest: signing in and the home screen do without it. */
export function lazyRenderer(): LazyRenderer {
  let loading: Promise<MarkdownRenderer> | null = null;
  const load = (): Promise<MarkdownRenderer> => {
    loading ??= import('./render.ts').then(
      ({ createRenderer }) => createRenderer(),
      (error: unknown) => {
        // No network, and no service worker yet: the next text tries again.
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  return {
    block: async (text, settings) => (await load()).block(text, settings),
    inline: async (text, settings) => (await load()).inline(text, settings),
    warm: async () => {
      await Promise.all([load(), loadMath()]);
    },
  };
}
