import type { DocumentOf } from '@darasa/shared/documents';

/** What the school says and shows. */

export const SCHOOL_NAME = 'Greenhill Community School';
export const SCHOOL_MOTTO = 'Elimu ni mwanga: learning is light';

export const categories: Readonly<Record<DocumentOf<'category'>['category'], Readonly<Record<'en' | 'sw' | 'ar', string>>>> = {
  mathematics: { en: 'Mathematics', sw: 'Hisabati', ar: 'الرياضيات' },
  programming: { en: 'Programming', sw: 'Kuandika programu', ar: 'البرمجة' },
  art: { en: 'Art', sw: 'Sanaa', ar: 'الفنون' },
  music: { en: 'Music', sw: 'Muziki', ar: 'الموسيقى' },
  religion: { en: 'Religious studies', sw: 'Elimu ya dini', ar: 'الدراسات الدينية' },
  business: { en: 'Business', sw: 'Biashara', ar: 'الأعمال' },
  repair: { en: 'Repair', sw: 'Ufundi wa kutengeneza', ar: 'الإصلاح' },
};

export const achievements: Readonly<
  Record<string, { readonly names: Readonly<Record<'en' | 'sw' | 'ar', string>>; readonly points: number }>
> = {
  'first-lesson': { names: { en: 'First lesson', sw: 'Somo la kwanza', ar: 'الدرس الأول' }, points: 5 },
  'first-quiz-passed': { names: { en: 'First quiz passed', sw: 'Jaribio la kwanza limefaulu', ar: 'أول اختبار ناجح' }, points: 10 },
  'course-finished': { names: { en: 'Course finished', sw: 'Kozi imekamilika', ar: 'إتمام الدورة' }, points: 50 },
  'kept-trying': { names: { en: 'Kept trying until it worked', sw: 'Hakukata tamaa', ar: 'واصل المحاولة حتى النجاح' }, points: 20 },
};

interface Notice {
  /** Days before the school's first moment. */
  readonly daysAgo: number;
  readonly title: string;
  readonly body: string;
}

export const schoolAnnouncements: readonly Notice[] = [
  {
    daysAgo: 20,
    title: 'The tablets are here',
    body: 'Each class has ten tablets in the cupboard by the library. Sign in with your own name and sign out when you hand the tablet back. Lessons and quizzes work without internet; your work is sent the next time the tablet is near the office.',
  },
  {
    daysAgo: 6,
    title: 'Siku ya wazazi',
    body: 'Wazazi na walezi wanakaribishwa shuleni Ijumaa saa nane mchana. Walimu wataonyesha kazi za wanafunzi, na kila mlezi anaweza kuona maendeleo ya mtoto wake kwenye simu yake.',
  },
  {
    daysAgo: 2,
    title: 'Water on Thursday morning',
    body: 'The tank is being cleaned on Thursday. Please bring a bottle of water from home.',
  },
];

export const classAnnouncements: Readonly<Record<'7a' | '8b', readonly Notice[]>> = {
  '7a': [
    {
      daysAgo: 12,
      title: 'Fractions first',
      body: 'We finish the section on fractions before we begin percentages. Take the check as often as you like: only the last lesson you learn from it matters.',
    },
    {
      daysAgo: 3,
      title: 'Bring something round',
      body: 'For Friday’s art lesson bring something woven or coiled from home: a basket, a mat, a hat. We shall look for its geometry.',
    },
  ],
  '8b': [
    {
      daysAgo: 11,
      title: 'Two at a laptop',
      body: 'For the programming lessons we sit in twos: one types, one reads aloud what each line does. Change places after every exercise.',
    },
    {
      daysAgo: 4,
      title: 'Drums on Wednesday',
      body: 'Music is in the hall on Wednesday. Read the lesson on metre before you come, and be ready to clap in three.',
    },
  ],
};

export const jobs: readonly {
  readonly title: string;
  readonly place: string;
  readonly description: string;
  readonly courseIds: readonly string[];
  readonly openDays: number;
}[] = [
  {
    title: 'Apprentice in phone repair',
    place: 'Kisumu Road workshop',
    description:
      'We repair screens, charging ports and batteries, six days a week.\n\nYou will learn at the bench beside an experienced repairer. You need steady hands, honesty with customers, and the course in phone repair or the same knowledge from practice. Lunch and a stipend are paid from the first week.',
    courseIds: ['ukarabati-simu'],
    openDays: 30,
  },
  {
    title: 'Shop assistant who keeps the books',
    place: 'Fundi Works, spare parts counter',
    description:
      'You serve customers at the counter and keep the cash book, the M-Pesa float and the list of debtors, and draw up the statement at the end of each month.\n\nBring the certificate of the bookkeeping course, or show us a month that you have kept for somebody else.',
    courseIds: ['bookkeeping-shop'],
    openDays: 21,
  },
];
