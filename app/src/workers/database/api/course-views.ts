/** Courses, lessons, and the way through them. */

export type Language = 'en' | 'sw' | 'ar';

export type ItemKind = 'lesson' | 'quiz';

export interface CourseCard {
  readonly courseId: string;
  readonly title: string;
  readonly summary: string;
  readonly language: Language;
  readonly programme: string;
  readonly category: string;
  readonly tier: string;
  readonly grade: number | null;
  readonly level: string;
  readonly tags: readonly string[];
  readonly featured: boolean;
  readonly minutes: number;
  readonly lessonCount: number;
  readonly quizCount: number;
  /** Whether the learner has it: enrolled, or by a class. */
  readonly mine: boolean;
  /** Whether its lessons may be read: it is open, or mine. */
  readonly readable: boolean;
  /** Whether its lessons are on this device. */
  readonly onDevice: boolean;
  /** From 0 to 1. */
  readonly progress: number;
  readonly state: 'not-started' | 'working' | 'finished';
}

export interface NextStep {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly kind: ItemKind;
  readonly itemId: string;
  readonly title: string;
  readonly minutes: number | null;
}

export interface DueItem extends NextStep {
  readonly assignmentId: string;
  /** The teacher's own words for it. */
  readonly assignment: string;
  readonly instructions: string;
  /** Null: no date. */
  readonly dueAt: string | null;
  readonly className: string;
  readonly done: boolean;
}

export interface Notice {
  readonly id: string;
  readonly from: string;
  readonly title: string;
  readonly body: string;
  readonly at: string;
}

export interface HomeView {
  readonly displayName: string;
  readonly continue: NextStep | null;
  readonly due: readonly DueItem[];
  readonly courses: readonly CourseCard[];
  readonly notices: readonly Notice[];
  readonly unsent: number;
  /** False until the first sync has brought what the home screen needs. */
  readonly ready: boolean;
}

export interface CatalogueFilters {
  readonly text?: string;
  readonly programme?: string;
  readonly category?: string;
  readonly tier?: string;
  readonly grade?: number;
  readonly level?: string;
  readonly language?: Language;
}

export interface CatalogueView {
  readonly courses: readonly CourseCard[];
  /** How many courses each value of each filter would leave, with the other filters kept. */
  readonly facets: Readonly<Record<'programme' | 'category' | 'tier' | 'grade' | 'level' | 'language', Readonly<Record<string, number>>>>;
  readonly total: number;
}

export interface OutlineItem {
  readonly kind: ItemKind;
  readonly id: string;
  readonly title: string;
  readonly minutes: number | null;
  readonly questionCount: number | null;
  readonly exam: boolean;
  readonly state: 'not-started' | 'working' | 'done';
  /** Best score from 0 to 1; null where there is none. */
  readonly best: number | null;
}

export interface CourseView {
  readonly card: CourseCard;
  readonly sections: readonly { readonly id: string; readonly title: string; readonly items: readonly OutlineItem[] }[];
  readonly next: NextStep | null;
  readonly enrolled: boolean;
  /** When the learner first had done all of it; null until then, and for those who do not learn it. */
  readonly completedAt: string | null;
}

export interface LessonView {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly lessonId: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly language: Language;
  /** Safe HTML made in the worker: Markdown, mathematics as MathML, figures as images. */
  readonly html: string;
  /** The text alone, for reading aloud. */
  readonly spoken: string;
  readonly completed: boolean;
  /** The farthest part that was seen, from 0 to 1. */
  readonly seen: number;
  readonly previous: { readonly kind: ItemKind; readonly id: string; readonly title: string } | null;
  readonly next: { readonly kind: ItemKind; readonly id: string; readonly title: string } | null;
}
