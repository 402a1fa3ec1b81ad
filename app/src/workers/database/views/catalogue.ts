import type { CatalogueFilters, CatalogueView, CourseCard } from '../api.ts';
import type { ViewContext } from './context.ts';
import { courseCard } from './course-card.ts';
import { loadCourses } from './learning.ts';
import { loadShownWork } from './shown-work.ts';

const FACETS = ['programme', 'category', 'tier', 'grade', 'level', 'language'] as const;
type Facet = (typeof FACETS)[number];

/** Text as it is searched: without case and without accents. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function matchesText(card: CourseCard, text: string): boolean {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const haystack = folded([card.title, card.summary, ...card.tags].join(' '));
  return words.every((word) => haystack.includes(word));
}

function matches(card: CourseCard, filters: CatalogueFilters, except: Facet | null): boolean {
  if (filters.text !== undefined && !matchesText(card, filters.text)) return false;
  return FACETS.every((facet) => facet === except || filters[facet] === undefined || card[facet] === filters[facet]);
}

/** The courses that the filters leave: featured ones first, then by title. */
export function catalogue(cards: readonly CourseCard[], filters: CatalogueFilters): CatalogueView {
  const countBy = (facet: Facet): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const card of cards) {
      const value = card[facet];
      if (value !== null && matches(card, filters, facet)) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
    }
    return counts;
  };
  return {
    courses: cards
      .filter((card) => matches(card, filters, null))
      .sort((a, b) => Number(b.featured) - Number(a.featured) || a.title.localeCompare(b.title)),
    facets: {
      programme: countBy('programme'),
      category: countBy('category'),
      tier: countBy('tier'),
      grade: countBy('grade'),
      level: countBy('level'),
      language: countBy('language'),
    },
    total: cards.length,
  };
}

export async function loadCatalogue(filters: CatalogueFilters, context: ViewContext): Promise<CatalogueView> {
  const { reader, person } = context;
  const [materials, work] = await Promise.all([loadCourses(reader), loadShownWork(context)]);
  return catalogue(
    materials.map((material) => courseCard(material, work, person)),
    filters,
  );
}
