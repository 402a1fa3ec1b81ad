import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, QrSeriesReader } from '@darasa/shared/courier';
import { placeSchema, sessionSchema } from '@darasa/shared/protocol';
import type { Download, Locator } from '@playwright/test';
import decodeQR from 'qr/decode.js';
import * as v from 'valibot';
import { en } from '../src/lib/messages/en.ts';
import { demoPerson, lessonTitle, sourceCourse } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

const PICTURES = process.env['COURIER_PICTURES'];

async function picture(device: Device, name: string): Promise<void> {
  if (PICTURES !== undefined)
    await device.page.screenshot({ path: join(PICTURES, `${test.info().project.name}-${name}.png`), fullPage: true });
}

/** The file that a button saves. */
async function saved(device: Device, button: Locator): Promise<{ readonly path: string; readonly bytes: Bytes }> {
  const downloading: Promise<Download> = device.page.waitForEvent('download');
  await button.click();
  const path = await (await downloading).path();
  return { path, bytes: new Uint8Array(readFileSync(path)) };
}

async function bring(device: Device, file: string | Bytes): Promise<Locator> {
  await device.open('/sync');
  await device.page.getByRole('button', { name: en.courier.bring }).click();
  const dialog = device.page.getByRole('dialog', { name: en.courier.bring });
  await dialog
    .locator('input[type=file]')
    .setInputFiles(typeof file === 'string' ? file : { name: 'carried.darasa', mimeType: '', buffer: Buffer.from(file) });
  return dialog;
}

/** The ids of the learner's documents at the school, as their teacher sees them. */
async function atSchool(
  school: SchoolServer,
  learnerId: string,
  teacher: { username: string; password: string },
): Promise<readonly string[]> {
  const login = await fetch(`${school.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ school: 'greenhill', username: teacher.username, password: teacher.password }),
  });
  const { accessToken } = v.parse(sessionSchema, await login.json());
  const range = `startkey="learner-${learnerId}:"&endkey="learner-${learnerId}:z"`;
  const listed = await fetch(`${school.url}/db/school-greenhill/_all_docs?${range}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { rows } = v.parse(v.object({ rows: v.array(v.object({ id: v.string() })) }), await listed.json());
  return rows.map(({ id }) => id);
}

async function finishLesson(device: Device, courseId: string): Promise<void> {
  const { title, sections } = sourceCourse(courseId);
  const [lessonId = ''] = sections.flatMap(({ items }) => items.flatMap((item) => ('lesson' in item ? [item.lesson] : [])));
  await device.openCourse(title);
  await device.openItem(lessonTitle(courseId, lessonId));
  await device.finishLesson();
}

test('work leaves a device that has no network as a file, is at the school once, and a receipt and lessons come back as files', async ({
  device,
  newDevice,
  school,
}) => {
  // Two devices and a dozen files.
  test.slow();
  const [learner, teacher] = [await demoPerson(school, 'amina'), await demoPerson(school, 'mwalimu.njeri')];
  const { name } = v.parse(placeSchema, await (await fetch(`${school.url}/v1/place`)).json());
  await device.signInWithOneTap(learner);
  await device.isInstalled();
  await device.isUpToDate();

  await device.context.setOffline(true);
  await finishLesson(device, 'music-8');
  await device.open('/sync');
  await device.page.getByRole('button', { name: en.courier.send }).click();
  const sending = device.page.getByRole('dialog');
  await expect(sending.getByText(en.courier.stays)).toBeVisible();
  await picture(device, 'send');
  const work = await saved(device, sending.getByRole('button', { name: en.courier.save }));
  expect(Buffer.from(work.bytes).toString('latin1')).not.toContain('music-8');

  // The same file, read from the codes as they are shown.
  await sending.getByRole('button', { name: en.courier.codes }).click();
  await picture(device, 'codes');
  expect(await readFromScreen(device)).toEqual(work.bytes);
  await sending.getByRole('button', { name: en.app.close }).click();
  // It stays unsent until the school has said that it has it.
  await expect(device.page.getByRole('heading', { name: /wait on this device|waits on this device/ })).toBeVisible();

  // A teacher carries it. A damaged copy is refused with the reason.
  const carrier = await newDevice();
  await carrier.signInWithOneTap(teacher);
  const damaged = work.bytes.slice();
  damaged[damaged.length - 5] = (damaged.at(-5) ?? 0) ^ 1;
  const bad = await bring(carrier, damaged);
  await bad.getByRole('button', { name: en.courier.carry }).click();
  await expect(bad.getByText(en.courier.problem.forged)).toBeVisible();
  await picture(carrier, 'forged');

  const bringing = await bring(carrier, work.path);
  await expect(bringing.getByRole('heading', { name: en.courier.workOf(learner.name) })).toBeVisible();
  await picture(carrier, 'preview');
  await bringing.getByRole('button', { name: en.courier.carry }).click();
  await expect(bringing.getByText(en.courier.receiptHint)).toBeVisible();
  await picture(carrier, 'carried');
  const receipt = await saved(carrier, bringing.getByRole('button', { name: en.courier.receipt }));

  const learnerId = await idOf(school, learner);
  const there = await atSchool(school, learnerId, teacher);
  expect(there.filter((id) => id === `learner-${learnerId}:progress:music-8`)).toHaveLength(1);

  // Brought again it is known, and nothing comes twice.
  const again = await bring(carrier, work.path);
  await again.getByRole('button', { name: en.courier.carry }).click();
  await expect(again.getByRole('heading', { name: en.courier.taken(0) })).toBeVisible();
  expect(await atSchool(school, learnerId, teacher)).toEqual(there);

  // The learner’s device, still without a network, hears of it from the receipt.
  const hearing = await bring(device, receipt.path);
  await expect(hearing.getByRole('heading', { name: en.courier.receiptFrom(name) })).toBeVisible();
  await hearing.getByRole('button', { name: en.courier.take }).click();
  await expect(hearing.getByText(/arrived at the school/)).toBeVisible();
  await picture(device, 'receipt');
  await device.open('/sync');
  await expect(device.page.getByRole('heading', { name: en.place.waiting(1) })).toBeHidden();

  // And it gets what its class has from a file that the school made for it.
  await carrier.open('/sync');
  const lessons = await makeClassFile(carrier);
  await picture(carrier, 'class');
  const taking = await bring(device, lessons.path);
  await expect(taking.getByRole('heading', { name: en.courier.contentFrom(name) })).toBeVisible();
  await taking.getByRole('button', { name: en.courier.take }).click();
  await expect(taking.getByText(en.courier.whole)).toBeVisible();
  await picture(device, 'taken');
});

async function makeClassFile(carrier: Device): Promise<{ readonly path: string }> {
  await carrier.page.getByRole('button', { name: en.courier.classMake }).click();
  return saved(carrier, carrier.page.getByRole('button', { name: en.courier.save }));
}

async function idOf(school: SchoolServer, { username, password }: { username: string; password: string }): Promise<string> {
  const login = await fetch(`${school.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ school: 'greenhill', username, password }),
  });
  return v.parse(sessionSchema, await login.json()).account.id;
}

/** Reads the codes of a series as they are shown, each drawn as pixels, as another device's camera would see them. */
async function readFromScreen({ page, context }: Device): Promise<Bytes | null> {
  const [, count = '0'] = /(\d+)$/.exec((await page.getByText(/^Code \d+ of \d+$/).textContent()) ?? '') ?? [];
  const eye = await context.newPage();
  const series = new QrSeriesReader();
  let file: Bytes | null = null;
  // From the last to the first: the order does not matter.
  for (let frame = Number(count) - 1; frame >= 0; frame -= 1) {
    const drawing = await page.waitForFunction((at) => document.querySelector(`[data-frame="${at}"]`)?.innerHTML, frame);
    const { data, side } = await eye.evaluate(
      async (svg) => {
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"'))}`;
        await image.decode();
        const canvas = new OffscreenCanvas(400, 400);
        const pen = canvas.getContext('2d');
        pen?.drawImage(image, 0, 0, 400, 400);
        return { data: [...(pen?.getImageData(0, 0, 400, 400).data ?? [])], side: 400 };
      },
      String(await drawing.jsonValue()),
    );
    file = await series.add(decodeQR({ data: new Uint8ClampedArray(data), width: side, height: side }));
  }
  await eye.close();
  return file;
}
