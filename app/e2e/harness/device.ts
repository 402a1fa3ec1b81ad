import type { DemoAccount } from '@darasa/shared/protocol';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { en } from '../../src/lib/messages/en.ts';
import { rightAnswer, type SourceQuestion, type SourceQuiz } from './demo-school.ts';
import { giveAnswer } from './give-answer.ts';

/** What a person does at one device, in the words of the English screens. */
export class Device {
  readonly context: BrowserContext;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.context = page.context();
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
  }

  /** Waits until the app would open with no network: its service worker runs this page. */
  async isInstalled(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  }

  async signInWithOneTap(account: DemoAccount): Promise<void> {
    await this.open('/sign-in');
    await this.page.getByRole('button', { name: account.name }).click();
    await this.isIn(account);
  }

  async signIn(account: Pick<DemoAccount, 'username' | 'password'>): Promise<void> {
    await this.open('/sign-in');
    await this.typeSignIn(account);
  }

  async typeSignIn({ username, password }: Pick<DemoAccount, 'username' | 'password'>): Promise<void> {
    await this.page.getByLabel(en.signIn.username).fill(username);
    await this.page.getByLabel(en.signIn.password, { exact: true }).fill(password);
    await this.page.getByRole('button', { name: en.signIn.submit, exact: true }).click();
  }

  async isIn(account: Pick<DemoAccount, 'name'>): Promise<void> {
    await expect(this.page.getByRole('link', { name: en.settings.me(account.name) })).toBeVisible();
  }

  /** Everything that the person may read has arrived, and nothing waits to be sent. */
  async isUpToDate(): Promise<void> {
    await this.open('/sync');
    await expect(this.page.getByText(en.sync.state.resting)).toBeVisible({ timeout: 30_000 });
    await expect(this.page.getByRole('heading', { name: new RegExp(`^(${en.sync.allSent}|${en.sync.nothingWaits})$`) })).toBeVisible();
    await expect(this.page.getByText(/[1-9]\d* courses? to read offline/)).toBeVisible();
  }

  async lock(): Promise<void> {
    await this.open('/settings');
    await this.page.getByRole('button', { name: en.settings.lock }).click();
    await expect(this.page.getByRole('heading', { name: en.signIn.who })).toBeVisible();
  }

  async unlock(account: Pick<DemoAccount, 'name' | 'password'>): Promise<void> {
    await this.page.getByRole('button', { name: account.name }).first().click();
    const dialog = this.page.getByRole('dialog', { name: account.name });
    await dialog.getByLabel(en.signIn.passwordFor(account.name)).fill(account.password);
    await dialog.getByRole('button', { name: en.signIn.unlock }).click();
    await this.isIn(account);
  }

  async openCourse(title: string): Promise<void> {
    await this.page.getByRole('navigation', { name: en.app.menu }).getByRole('link', { name: en.nav.catalogue }).click();
    await this.page.getByRole('link', { name: title, exact: true }).first().click();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** From the course's own screen. */
  async openItem(title: string): Promise<void> {
    await this.page.locator('main').getByRole('link', { name: title }).first().click();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  async finishLesson(): Promise<void> {
    // Scrolling down to the button is reading to the end, which finishes the lesson too: the button is pressed without.
    await this.page.getByRole('button', { name: en.lesson.complete }).dispatchEvent('click');
    await expect(this.page.locator('main').getByText(en.lesson.completed, { exact: true })).toBeVisible();
  }

  async beginQuiz(): Promise<void> {
    const { begin, again } = en.quiz;
    await this.page.getByRole('button', { name: new RegExp(`^(${begin}|${again})$`) }).click();
    await this.sees(1);
  }

  async goOnWithQuiz(): Promise<void> {
    await this.page.getByRole('button', { name: en.quiz.resume }).click();
  }

  /** The question with this number is on the screen. */
  async sees(number: number): Promise<void> {
    await expect(
      this.page.getByRole('heading', { level: 1, name: new RegExp(`${en.quiz.question(number, 0).replace(/0$/, '')}\\d+$`) }),
    ).toBeVisible();
  }

  /** Gives the right answer with the pointer, and waits until it is saved. */
  async answer(question: SourceQuestion): Promise<void> {
    await giveAnswer(this.page, question, rightAnswer(question));
    await expect(this.page.getByText(en.quiz.savedOne, { exact: true })).toBeVisible();
  }

  async nextQuestion(): Promise<void> {
    await this.page.getByRole('button', { name: en.quiz.next, exact: true }).click();
  }

  /** Answers every question from the given one on, all right, and hands in. */
  async answerAllAndHandIn(quiz: SourceQuiz, from = 0): Promise<void> {
    for (const [index, question] of quiz.questions.entries()) {
      if (index < from) continue;
      await this.sees(index + 1);
      await this.answer(question);
      if (index < quiz.questions.length - 1) await this.nextQuestion();
    }
    await this.handIn();
  }

  async handIn(): Promise<void> {
    await this.page.getByRole('button', { name: en.quiz.toSubmit }).click();
    await this.page.getByRole('button', { name: en.quiz.submit, exact: true }).click();
    await this.page.waitForURL('**/results/**');
  }

  /** Where the work on this screen is, as the mark beside it says. */
  async workIsAt(place: 'device' | 'laptop' | 'school' | 'refused'): Promise<void> {
    await expect(
      this.page
        .locator('main')
        .getByRole('button', { name: `${en.place.title} ${en.place[place]}` })
        .first(),
    ).toBeVisible({
      timeout: 20_000,
    });
  }
}
