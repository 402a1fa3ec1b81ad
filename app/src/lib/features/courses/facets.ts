import type { CatalogueFilters } from '$lib/client/index.ts';
import { words } from '$lib/messages/index.ts';

/** What the catalogue can be narrowed by, in the order of the screen. */
export const FACETS = ['programme', 'category', 'tier', 'grade', 'level', 'language'] as const;
export type Facet = (typeof FACETS)[number];

/** A value of a filter in the reader's language; an unknown one as it is. */
export function facetLabel(facet: Facet, value: string): string {
  if (facet === 'grade') return words().names.grade(Number(value));
  return words().names[facet][value] ?? value;
}

/** The filters with one of them set, or taken away with null. */
export function withFacet(filters: CatalogueFilters, facet: Facet, value: string | null): CatalogueFilters {
  const { [facet]: _, ...others } = filters;
  if (value === null) return others;
  return { ...others, [facet]: facet === 'grade' ? Number(value) : value };
}
