import type { Locale } from './locales.ts';

/** Region and numerals that a language is written with here. Arabic uses its own digits. */
const TAGS: Readonly<Record<Locale, string>> = { en: 'en-KE', sw: 'sw-KE', ar: 'ar-u-nu-arab' };

/** The forms of a message by number; `#` stands for the number, written in the language's digits. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** Numbers, times and amounts as a language writes them. */
export interface Formats {
  readonly locale: Locale;
  number(value: number): string;
  /** Points have up to two decimals. */
  points(value: number): string;
  /** `0.755` is `76%`. */
  percent(ratio: number): string;
  /** Minutes as hours and minutes. */
  minutes(minutes: number): string;
  /** A time that is waited for: seconds by fives, and minutes when they are many. */
  wait(milliseconds: number): string;
  /** What is left on a clock: `4:05`, `1:04:05`. A second that has begun counts as whole. */
  clock(milliseconds: number): string;
  bytes(bytes: number): string;
  /** A day, with its year only when it is another one. */
  date(instant: string, now: Date): string;
  dateTime(instant: string): string;
  /** How long ago or until: “3 hours ago”, “in 2 days”. */
  away(instant: string, now: Date): string;
  plural(count: number, forms: Forms): string;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function formatsFor(locale: Locale): Formats {
  const tag = TAGS[locale];
  const whole = new Intl.NumberFormat(tag);
  const tenths = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const hundredths = new Intl.NumberFormat(tag, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 });
  const twoDigits = new Intl.NumberFormat(tag, { minimumIntegerDigits: 2 });
  const rules = new Intl.PluralRules(tag);
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);

  return {
    locale,
    number: (value) => tenths.format(value),
    points: (value) => hundredths.format(value),
    percent: (ratio) => percent.format(ratio),
    minutes(minutes) {
      const rounded = Math.round(minutes);
      if (rounded < 90) return unit(rounded, 'minute');
      return unit(Math.round(rounded / 6) / 10, 'hour');
    },
    wait(milliseconds) {
      const seconds = Math.max(5, Math.round(milliseconds / 5_000) * 5);
      return seconds < 90 ? unit(seconds, 'second') : unit(Math.round(seconds / 60), 'minute');
    },
    clock(milliseconds) {
      const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
      const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
      const parts = hours > 0 ? [twoDigits.format(minutes)] : [];
      return [whole.format(hours > 0 ? hours : minutes), ...parts, twoDigits.format(seconds % 60)].join(':');
    },
    bytes(bytes) {
      if (bytes < 1_000_000) return unit(Math.max(1, Math.round(bytes / 1_000)), 'kilobyte');
      if (bytes < 1_000_000_000) return unit(Math.round(bytes / 100_000) / 10, 'megabyte');
      return unit(Math.round(bytes / 100_000_000) / 10, 'gigabyte');
    },
    date(instant, now) {
      const day = new Date(instant);
      const sameYear = day.getFullYear() === now.getFullYear();
      return new Intl.DateTimeFormat(tag, {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        ...(sameYear ? {} : { year: 'numeric' }),
      }).format(day);
    },
    dateTime: (instant) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant)),
    away(instant, now) {
      const seconds = (Date.parse(instant) - now.getTime()) / 1_000;
      const [name, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
      return name === 'second' ? relative.format(0, 'second') : relative.format(Math.trunc(seconds / size), name);
    },
    plural: (count, forms) => (forms[rules.select(count)] ?? forms.other).replaceAll('#', whole.format(count)),
  };
}
