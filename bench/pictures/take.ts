/**
 * `npm run pictures`: drives the built app with the demo school and writes the pictures of the screens in docs/pictures.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium } from '@playwright/test';
import { chromiumPath } from '../../app/e2e/harness/chromium.ts';
import { demoAccount, sourceQuiz } from '../../app/e2e/harness/demo-school.ts';
import { Device } from '../../app/e2e/harness/device.ts';
import { SchoolServer } from '../../app/e2e/harness/school-server.ts';

const pictures = resolve(import.meta.dirname, '../../docs/pictures');
const LARGEST_BYTES = 120 * 1024;
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 1.5, hasTouch: true, isMobile: true };
const LAPTOP: BrowserContextOptions = { viewport: { width: 1280, height: 720 } };

const written: string[] = [];

async function take(device: Device, name: string): Promise<void> {
  await device.page.evaluate(() => document.fonts.ready);
  const path = join(pictures, `${name}.png`);
  await device.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  written.push(path);
}

async function show(device: Device, path: string, name: string): Promise<void> {
  await device.open(path);
  await device.page.getByRole('heading', { level: 1 }).waitFor();
  // What is seen is there; figures further down are loaded when they are scrolled to.
  await device.page.waitForFunction(() => {
    const seen = [...document.images].filter((image) => image.getBoundingClientRect().top < window.innerHeight);
    return document.querySelector('[aria-busy="true"]') === null && seen.every((image) => image.complete);
  });
  await take(device, name);
}

async function newDevice(browser: Browser, school: SchoolServer, options: BrowserContextOptions): Promise<Device> {
  const context = await browser.newContext({ ...options, baseURL: school.url, reducedMotion: 'reduce', locale: 'en-GB' });
  return new Device(await context.newPage());
}

async function learnerPictures(browser: Browser, school: SchoolServer): Promise<void> {
  const learner = await demoAccount(school, 'learner');
  const phone = await newDevice(browser, school, PHONE);
  await show(phone, '/sign-in', 'sign-in-phone');
  await phone.signInWithOneTap(learner);
  await phone.isUpToDate();
  await show(phone, '/', 'home-phone');
  await show(phone, '/catalogue', 'catalogue-phone');
  await show(phone, '/courses/maths-7', 'course-phone');
  await show(phone, '/courses/maths-7/lessons/what-a-fraction-is', 'lesson-phone');
  await show(phone, '/sync', 'my-work-phone');

  const quiz = sourceQuiz('programming-8', 'first-programs-check');
  await phone.open(`/courses/programming-8/quizzes/${quiz.id}`);
  await phone.beginQuiz();
  const [first] = quiz.questions;
  if (first !== undefined) await phone.answer(first);
  await take(phone, 'quiz-phone');
  await phone.nextQuestion();
  await phone.answerAllAndHandIn(quiz, 1);
  await phone.workIsAt('school');
  await take(phone, 'result-phone');

  await phone.page.emulateMedia({ colorScheme: 'dark' });
  await show(phone, '/', 'home-phone-dark');
  await show(phone, '/courses/maths-7/lessons/what-a-fraction-is', 'lesson-phone-dark');
  await phone.page.emulateMedia({ colorScheme: 'light' });

  await phone.open('/settings');
  await phone.page.getByRole('radio', { name: 'العربية' }).check({ force: true });
  await show(phone, '/', 'home-phone-arabic');
  await show(phone, '/courses/arabic-letters-youth/lessons/meet-the-letters', 'lesson-phone-arabic');

  const laptop = await newDevice(browser, school, LAPTOP);
  await laptop.signInWithOneTap(learner);
  await laptop.isUpToDate();
  await show(laptop, '/', 'home-laptop');
  await show(laptop, '/courses/maths-7', 'course-laptop');
}

async function staffPictures(browser: Browser, school: SchoolServer): Promise<void> {
  const teacher = await newDevice(browser, school, LAPTOP);
  await teacher.signInWithOneTap(await demoAccount(school, 'teacher'));
  await teacher.isUpToDate();
  await show(teacher, '/classes', 'classes-laptop');
  await show(teacher, '/classes/7a', 'class-laptop');
  await teacher.page.emulateMedia({ colorScheme: 'dark' });
  await show(teacher, '/classes/7a', 'class-laptop-dark');

  const guardian = await newDevice(browser, school, PHONE);
  await guardian.signInWithOneTap(await demoAccount(school, 'guardian'));
  await guardian.isUpToDate();
  await show(guardian, '/children', 'children-phone');

  const admin = await newDevice(browser, school, LAPTOP);
  await admin.signInWithOneTap(await demoAccount(school, 'admin'));
  await show(admin, '/admin', 'school-laptop');
}

const folder = mkdtempSync(join(tmpdir(), 'darasa-pictures-'));
const school = await SchoolServer.create({ dataFolder: join(folder, 'data') });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
try {
  await school.start();
  mkdirSync(pictures, { recursive: true });
  await learnerPictures(browser, school);
  await staffPictures(browser, school);
} finally {
  await browser.close();
  await school.stop();
  rmSync(folder, { recursive: true, force: true });
}

const large = written.filter((path) => statSync(path).size > LARGEST_BYTES);
process.stdout.write(`${written.length} pictures in docs/pictures.\n`);
if (large.length > 0) throw new Error(`Larger than ${LARGEST_BYTES / 1024} KiB: ${large.join(', ')}`);
