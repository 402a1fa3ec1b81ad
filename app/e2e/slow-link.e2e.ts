import { type Link, startShapingProxy } from '../../bench/sync/shaping-proxy.ts';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, lessonTitle, sourceCourse } from './harness/demo-school.ts';
import { Device } from './harness/device.ts';
import { expect, test } from './harness/test.ts';

/** A phone at the edge of a 2G cell: 50 kbit/s, 600 ms there and back. */
const SLOW: Link = { roundTripMs: 600, bytesPerSecond: 50_000 / 8, cutPercent: 0 };

test('on a slow link a new device is in use before everything has come, and says how far it is (X10)', async ({ browser, school }) => {
  const proxy = await startShapingProxy(new URL(school.url));
  const context = await browser.newContext({ baseURL: proxy.url });
  try {
    const device = new Device(await context.newPage());
    await device.open('/sign-in');
    await device.isInstalled();
    const learner = await demoAccount(school, 'learner');
    const button = device.page.getByRole('button', { name: learner.name });
    await expect(button).toBeVisible();
    proxy.link = SLOW;
    await button.click();
    await device.isIn(learner);

    const main = device.page.locator('main');
    const course = sourceCourse('maths-7');
    await expect(main.getByText(en.home.bringing)).toBeVisible();
    await expect(main.getByRole('link', { name: course.title }).first()).toBeVisible();
    await expect(main.getByText(/\d+ documents still to come/).first()).toBeVisible();
    // The link stops in the middle: what has come is there, and a lesson of it opens.
    const first = course.sections.flatMap(({ items }) => items).find((item) => 'lesson' in item);
    if (first === undefined || !('lesson' in first)) throw new Error('The course has no lesson.');
    await device.openCourse(course.title);
    await device.openItem(lessonTitle(course.id, first.lesson));
    await device.page.getByRole('link', { name: en.nav.home }).click();
    await expect(main.getByText(en.home.bringing), 'the rest was still on its way').toBeVisible();

    await expect(main.getByText(en.home.bringing)).toBeHidden({ timeout: 90_000 });
    await device.isUpToDate();
  } finally {
    await context.close();
    await proxy.close();
  }
});
